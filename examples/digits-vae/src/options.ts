// The options of the command line and their checks.
import { parseArgs } from "node:util";
import { BACKENDS, type Backend } from "./start-backend.ts";

/** A wrong command line: printed without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command line, checked. */
export interface Options {
  readonly help: boolean;
  readonly backend: Backend;
  readonly epochs: number;
  readonly seed: number;
  readonly straightThrough: boolean;
  /** Categorical variables of a code. */
  readonly variables: number;
  /** Width of the hidden layers, from the image inwards. */
  readonly hidden: readonly number[];
  /** The lowest temperature, which training ends at. */
  readonly temperature: number;
  /** Folder of the report. */
  readonly out: string;
}

/** What --help prints. */
export const HELP: string = `Trains a categorical variational autoencoder on handwritten digits, and writes a report.

Options
  --backend <name>      ${BACKENDS.join(" or ")}; default ${BACKENDS[0]}
  --epochs <integer>    passes over the training digits; default 40, about two minutes on two cores
  --seed <integer>      the same seed gives the same curve on one backend; default 1
  --variables <integer> categorical variables of a code, of 10 categories each; default 20
  --hidden <widths>     widths of the hidden layers from the image inwards, as 256,128; default 384
  --temperature <number> what the temperature falls to, from 0.5 at least; default 0.15
  --straight-through    train on hard codes with the soft gradient, instead of soft codes
  --out <folder>        where report.html, report.json and encoder.onnx go; default digits-vae-report
  --help
`;

/** Parses the words of the command line. Throws a {@link UsageError} that names what is allowed. */
export function parseOptions(words: readonly string[]): Options {
  const values = parse(words);
  const { backend = BACKENDS[0] } = values;
  if (!isBackend(backend)) {
    throw new UsageError(`--backend must be one of ${BACKENDS.join(", ")}, got ${JSON.stringify(backend)}`);
  }
  return {
    help: values.help ?? false,
    backend,
    epochs: integer("--epochs", values.epochs ?? "40", 1, 10_000),
    seed: integer("--seed", values.seed ?? "1", 0, Number.MAX_SAFE_INTEGER),
    variables: integer("--variables", values.variables ?? "20", 1, 1000),
    hidden: (values.hidden ?? "384").split(",").map((width) => integer("--hidden", width, 1, 10_000)),
    temperature: temperatureOf(values.temperature ?? "0.15"),
    straightThrough: values["straight-through"] ?? false,
    out: values.out ?? "digits-vae-report",
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        backend: { type: "string" },
        epochs: { type: "string" },
        seed: { type: "string" },
        variables: { type: "string" },
        hidden: { type: "string" },
        temperature: { type: "string" },
        "straight-through": { type: "boolean" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See --help`);
  }
}

function isBackend(name: string): name is Backend {
  return (BACKENDS as readonly string[]).includes(name);
}

function integer(option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new UsageError(
    `${option} must be an integer in [${minimum}, ${maximum}], got ${JSON.stringify(text)}`,
  );
}

function temperatureOf(text: string): number {
  const value = Number(text);
  if (value >= 2 ** -40 && value <= 1) return value;
  throw new UsageError(`--temperature must be a number in [2^-40, 1], got ${JSON.stringify(text)}`);
}
