// What a user can type after the command, checked.
import { parseArgs } from "node:util";
import { BACKENDS, type Backend } from "./start-backend.ts";

/** A mistake of the user's: printed without a stack. */
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
  /** Folder of the report. */
  readonly out: string;
}

/** What --help prints. */
export const HELP: string = `Trains a categorical variational autoencoder on handwritten digits, and writes a report.

Options
  --backend <name>      ${BACKENDS.join(" or ")}; default ${BACKENDS[0]}
  --epochs <integer>    passes over the training digits; default 40, about two minutes on two cores
  --seed <integer>      the same seed gives the same curve on one backend; default 1
  --straight-through    train on hard codes with the soft gradient, instead of soft codes
  --out <folder>        where report.html and report.json go; default digits-vae-report
  --help
`;

/** Parses the words of the command line. Throws a {@link UsageError} that says what is allowed. */
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
