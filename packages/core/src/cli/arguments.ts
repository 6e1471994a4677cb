// What a user can type after gumbel-conformance, checked.
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CASES, type ConformanceCase } from "../conformance/index.ts";
import { OPERATION_NAMES } from "../operation-table.ts";

/** A mistake of the user's: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const TOPICS: ReadonlySet<string> = new Set(CASES.map(({ id }) => topicOf(id)));
/** Operations whose cases a word chooses; `bits` is a topic. */
const OPERATIONS: ReadonlySet<string> = new Set(OPERATION_NAMES.filter((name) => !TOPICS.has(name)));
/** Words that a message proposes, at most. */
const MOST_HINTS = 6;
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
  --case <id>         run this case, or all of a topic (--case noise) or an operation (--case categorical);
                      can be repeated
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
    filter: filterOf({
      "--case": values.case ?? [],
      "--clause": values.clause ?? [],
      "--kind": values.kind ?? [],
    }),
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

/** The words of each option that choose a case. */
const WORDS: Readonly<Record<string, (test: ConformanceCase) => readonly string[]>> = {
  "--case": ({ id }) => [id, topicOf(id), ...id.split(/[/-]/).filter((part) => OPERATIONS.has(part))],
  "--clause": ({ clauses }) => clauses,
  "--kind": ({ kind }) => [kind],
};

/** A case passes when one word of each option that was given chooses it. Every word must choose some case. */
function filterOf(given: Readonly<Record<string, readonly string[]>>) {
  for (const [option, words] of Object.entries(given)) {
    const known = [...new Set(CASES.flatMap(WORDS[option]))];
    for (const word of words) {
      if (known.includes(word)) continue;
      const alike = likeliest(word, known);
      const hint = alike.length > 0 ? `Did you mean ${alike.join(", ")}? ` : "";
      throw new UsageError(`${option} ${word} fits no case of the suite. ${hint}--list shows them all`);
    }
  }
  return (test: ConformanceCase): boolean =>
    Object.entries(given).every(
      ([option, words]) => words.length === 0 || WORDS[option](test).some((word) => words.includes(word)),
    );
}

/** Known words that a reader may have meant: those that contain what was typed, or begin alike. */
function likeliest(typed: string, known: readonly string[]): string[] {
  const plain = typed.toLowerCase();
  const of = (isAlike: (word: string) => boolean) =>
    known.filter((word) => isAlike(word.toLowerCase())).slice(0, MOST_HINTS);
  const containing = of((word) => word.includes(plain));
  return containing.length > 0 ? containing : of((word) => word.slice(0, 3) === plain.slice(0, 3));
}

function topicOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}
