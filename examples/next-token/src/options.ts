// The options of the command line and their checks.
import { parseArgs } from "node:util";

/** A wrong command line: printed without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command line, checked. */
export interface Options {
  readonly help: boolean;
  readonly seed: number;
  readonly prompt: string;
  /** How many tokens texts have; other experiments have a number of their own, which grows with it. */
  readonly tokens: number;
  /** Chapters to train on. */
  readonly chapters: number;
  /** Tokens of the vocabulary. */
  readonly vocabulary: number;
  /** Folder of the report and of the models. */
  readonly out: string;
}

/** What --help prints. */
export const HELP: string = `Builds a small language model of Moby-Dick, draws its next tokens with every filter on every backend, and writes a report.

Options
  --prompt <text>         what the texts go on from; default "It was a"
  --tokens <integer>      length of the texts in tokens; default 64
  --seed <integer>        the same seed gives the same texts; default 1
  --chapters <integer>    chapters to train on; default 130, all but the last five
  --vocabulary <integer>  tokens of the vocabulary; default 4096
  --out <folder>          where report.html, report.json and the models go; default next-token-report
  --help
`;

/** Parses the words of the command line. Throws a {@link UsageError} that names what is allowed. */
export function parseOptions(words: readonly string[]): Options {
  const values = parse(words);
  const { prompt = "It was a" } = values;
  if (prompt === "") throw new UsageError("--prompt must not be empty");
  return {
    help: values.help ?? false,
    prompt,
    seed: integer("--seed", values.seed ?? "1", 0, Number.MAX_SAFE_INTEGER),
    tokens: integer("--tokens", values.tokens ?? "64", 8, 500),
    chapters: integer("--chapters", values.chapters ?? "130", 1, 130),
    vocabulary: integer("--vocabulary", values.vocabulary ?? "4096", 512, 8192),
    out: values.out ?? "next-token-report",
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        prompt: { type: "string" },
        tokens: { type: "string" },
        seed: { type: "string" },
        chapters: { type: "string" },
        vocabulary: { type: "string" },
        out: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See --help`);
  }
}

function integer(option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new UsageError(
    `${option} must be an integer in [${minimum}, ${maximum}], got ${JSON.stringify(text)}`,
  );
}
