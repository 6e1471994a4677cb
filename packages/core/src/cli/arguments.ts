// What a user can type after gumbel-conformance, checked.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CASES, type ConformanceCase } from "../conformance/index.ts";

/** A mistake of the user's: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const FORMATS = ["pretty", "json", "junit"] as const;

/** The command line, checked. */
export interface Arguments {
  readonly help: boolean;
  readonly list: boolean;
  /** Path or package of the module with the target. */
  readonly module: string;
  readonly exportName: string | undefined;
  /** What a replay line repeats: the module and its export. */
  readonly command: string;
  readonly quick: boolean;
  readonly filter: (test: ConformanceCase) => boolean;
  readonly seed: number | undefined;
  readonly path: string | undefined;
  /** Milliseconds that a case may take. */
  readonly timeout: number | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly output: string | undefined;
}

/** What --help prints. */
export const HELP = `Usage: gumbel-conformance <module> [options]

Runs the sampling spec's conformance suite on a backend.

<module> is a path (./my-backend.js) or a package (@gumbel/tfjs/conformance) that exports a target,
{ create(): ConformanceBackend }, as its default or its only such export.

Options
  --export <name>     the export to take, where the module has several targets
  --quick             fewer random inputs and smaller tensors: seconds instead of a minute
  --case <id>         run this case, or all of a topic (--case noise); can be repeated
  --clause <id>       run the cases that check a clause (--clause GS-4); can be repeated
  --kind <kind>       exact, property, statistical or robustness; can be repeated
  --seed <integer>    seed of the property cases
  --path <path>       where a property case starts: replays one counterexample
  --timeout <seconds> how long one case may take; default 300
  --format <format>   pretty (default), json or junit
  --output <file>     write the report there; progress and summary still go to the terminal
  --list              list the cases and run none
  --help

Exit code: 0 when the backend conforms, 1 when it does not, 2 when the command is wrong or the backend
cannot be loaded.
`;

/** Parses the words after the command's name. Throws a {@link UsageError} that says what is allowed. */
export function parseArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parse(words);
  const { help = false, list = false, format = "pretty" } = values;
  if (!isFormat(format)) {
    throw new UsageError(`--format must be one of ${FORMATS.join(", ")}, got ${JSON.stringify(format)}`);
  }
  if (positionals.length !== 1 && !help && !list) {
    const got = positionals.length === 0 ? "none" : positionals.join(" ");
    throw new UsageError(
      `one module is needed, got ${got}. See npx -p @gumbel/core gumbel-conformance --help`,
    );
  }
  const [module = ""] = positionals;
  return {
    help,
    list,
    module,
    exportName: values.export,
    command: values.export === undefined ? module : `${module} --export ${values.export}`,
    quick: values.quick ?? false,
    filter: filterOf(values.case ?? [], values.clause ?? [], values.kind ?? []),
    seed: values.seed === undefined ? undefined : integer("--seed", values.seed, -(2 ** 31), 2 ** 31 - 1),
    path: values.path === undefined ? undefined : pathOf(values.path),
    timeout:
      values.timeout === undefined ? undefined : 1000 * integer("--timeout", values.timeout, 1, 86_400),
    format,
    output: values.output === undefined ? undefined : outputOf(values.output),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        export: { type: "string" },
        quick: { type: "boolean" },
        case: { type: "string", multiple: true },
        clause: { type: "string", multiple: true },
        kind: { type: "string", multiple: true },
        seed: { type: "string" },
        path: { type: "string" },
        timeout: { type: "string" },
        format: { type: "string" },
        output: { type: "string" },
        list: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See npx -p @gumbel/core gumbel-conformance --help`);
  }
}

function isFormat(text: string): text is Arguments["format"] {
  return (FORMATS as readonly string[]).includes(text);
}

function integer(option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new UsageError(
    `${option} must be an integer in [${minimum}, ${maximum}], got ${JSON.stringify(text)}`,
  );
}

/** A path as fast-check prints it: numbers between colons. */
function pathOf(text: string): string {
  if (/^\d+(:\d+)*$/.test(text)) return text;
  throw new UsageError(
    `--path must be that of a replay line, such as 3 or 3:0:1, got ${JSON.stringify(text)}`,
  );
}

/** Looked at before the run: a report that cannot be written would be noticed after a minute only. */
function outputOf(path: string): string {
  const folder = dirname(resolve(path));
  if (existsSync(folder)) return path;
  throw new UsageError(`--output ${path} cannot be written: there is no folder ${folder}`);
}

/** A case passes when it fits one word of each option that was given. Every word must fit some case. */
function filterOf(ids: readonly string[], clauses: readonly string[], kinds: readonly string[]) {
  const tests: [string, readonly string[], (test: ConformanceCase, word: string) => boolean][] = [
    ["--case", ids, ({ id }, word) => id === word || id.startsWith(`${word}/`)],
    ["--clause", clauses, (test, word) => test.clauses.includes(word)],
    ["--kind", kinds, ({ kind }, word) => kind === word],
  ];
  for (const [option, words, fits] of tests) {
    const stray = words.find((word) => !CASES.some((test) => fits(test, word)));
    if (stray !== undefined) {
      throw new UsageError(
        `${option} ${stray} fits no case of the suite. gumbel-conformance --list shows them all`,
      );
    }
  }
  return (test: ConformanceCase): boolean =>
    tests.every(([, words, fits]) => words.length === 0 || words.some((word) => fits(test, word)));
}
