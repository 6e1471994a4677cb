// The options of the command line and their checks.
import { parseArgs } from "node:util";
import { CODES, type Codes } from "./codes.ts";
import { BACKENDS, type Backend } from "./start-backend.ts";

/** A wrong command line: printed without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command line, checked. */
export interface Options {
  readonly help: boolean;
  /** Whether every kind of codes is trained with several seeds, beside the run of the report. */
  readonly compare: boolean;
  readonly backend: Backend;
  readonly epochs: number;
  readonly seed: number;
  /** How many seeds `compare` trains with, from `seed` on. */
  readonly seeds: number;
  /** What training draws, and how its gradient is estimated. */
  readonly codes: Codes;
  /** Categorical variables of a code. */
  readonly variables: number;
  /** Width of the hidden layers, from the image inwards. */
  readonly hidden: readonly number[];
  /** The lowest temperature, which training ends at; left out, what suits the codes. */
  readonly temperature?: number | undefined;
  /** Folder of the report. */
  readonly out: string;
}

/** What --help prints. */
export const HELP: string = `Trains a categorical variational autoencoder on handwritten digits, and writes a report.

  demo [options]           one run
  demo compare [options]   each estimator with several seeds as well: twenty minutes on two cores

Options
  --backend <name>      ${BACKENDS.join(" or ")}; default ${BACKENDS[0]}
  --epochs <integer>    passes over the training digits; default 40, about three minutes on two cores; of compare 20
  --seed <integer>      the same seed gives the same curve on one backend; default 1
  --seeds <integer>     how many seeds compare trains with; default 3
  --estimator <name>    trains on hard codes with the gradient of ${CODES.slice(1).join(", ")};
                        default ${CODES[0]}: soft codes with their own
  --variables <integer> categorical variables of a code, of 10 categories each; default 20
  --hidden <widths>     widths of the hidden layers from the image inwards, as 256,128; default 384
  --temperature <number> what the temperature falls to, from 0.5 at least; default what suits the estimator
  --out <folder>        where report.html, report.json and encoder.onnx go; default digits-vae-report
  --help
`;

/** Parses the words of the command line. Throws a {@link UsageError} that names what is allowed. */
export function parseOptions(words: readonly string[]): Options {
  const { values, positionals } = parse(words);
  const [command, ...rest] = positionals;
  const unknown = command === undefined || command === "compare" ? rest[0] : command;
  if (unknown !== undefined)
    throw new UsageError(`the only command is compare, got ${JSON.stringify(unknown)}. See --help`);
  const compare = command === "compare";
  const { backend = BACKENDS[0], estimator: codes = CODES[0] } = values;
  if (!(CODES as readonly string[]).includes(codes)) {
    throw new UsageError(`--estimator must be one of ${CODES.join(", ")}, got ${JSON.stringify(codes)}`);
  }
  if (!isBackend(backend)) {
    throw new UsageError(`--backend must be one of ${BACKENDS.join(", ")}, got ${JSON.stringify(backend)}`);
  }
  return {
    help: values.help ?? false,
    compare,
    backend,
    codes: codes as Codes,
    epochs: integer("--epochs", values.epochs ?? (compare ? "20" : "40"), 1, 10_000),
    seeds: integer("--seeds", values.seeds ?? "3", 1, 100),
    seed: integer("--seed", values.seed ?? "1", 0, Number.MAX_SAFE_INTEGER),
    variables: integer("--variables", values.variables ?? "20", 1, 1000),
    hidden: (values.hidden ?? "384").split(",").map((width) => integer("--hidden", width, 1, 10_000)),
    temperature: values.temperature === undefined ? undefined : temperatureOf(values.temperature),
    out: values.out ?? "digits-vae-report",
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        backend: { type: "string" },
        epochs: { type: "string" },
        seed: { type: "string" },
        seeds: { type: "string" },
        estimator: { type: "string" },
        variables: { type: "string" },
        hidden: { type: "string" },
        temperature: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
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
