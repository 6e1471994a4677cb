// The arguments of the command gumbel-onnx, checked.
import { parseArgs } from "node:util";
import { quoted } from "./quoted.ts";

/** A wrong command: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What --help prints. */
export const HELP = `Usage, each after npx -p @gumbel/onnx:
       gumbel-onnx export <operation> [options] -o <file>
       gumbel-onnx append <model.onnx> --logits <name> [options] -o <file>
       gumbel-onnx inspect <model.onnx> [--json]

export writes the graph of an operation: gumbel-softmax, gumbel-softmax-vjp, categorical or gumbel-top-k.
append adds a sampler to a model: new inputs key (and temperature), a new output indices.
inspect lists a model's outputs, what looks like logits, and what append would do.

Options of export and append
  -o, --output <file>       where to write the model; - is standard output
  --force                   overwrite the file where it exists
  --axis <integer>          dimension of the categories; negative counts from the end; default -1
  --shape <shape>           the logits', as batch,32000: sizes, and names of sizes that vary; default batch,categories for
                            export, and what the model states for append
  --temperature <number>    a number in [2^-40, 2^40], 0 for the mode, or input for an input of the graph; default 1
  --noise <source>          threefry (default): made in the graph from the input key
                            bits: from bits that come in; input: noise that comes in
  --precision <precision>   full (default) or jax
  --integers <type>         uint32 (default), or uint64 for WebGPU
  --index-type <type>       int64 (default) or int32
  --sample-shape <shape>    leading dimensions of independent samples, as 5 or 2,3, or input

Options of export
  --hard                    gumbel-softmax: exact one-hots
  --sharding                inputs offset and row_stride, for a part of a larger tensor
  --k <integer>             gumbel-top-k: the number of categories; otherwise an input
  --opset <integer>         18 (default) to 21

Options of append
  --logits <name>           the logits: an output of the model or a value inside it
  --position <which>        last: draw at the last position of logits [batch, sequence, categories] alone; input: at that
                            which the input position names for each row
  --top-k <integer>         draw among the largest logits only
  --top-p <number>          draw among the most likely categories that together reach this probability
  --min-p <number>          draw among the categories of at least this share of the largest probability
                            these and --temperature: input for an input of the graph, per-row for one with a value a row
  --candidates <integer>    how many of the largest logits --top-p looks at before it sorts whole rows; default 1024
  --mask <form>             adds an input mask of the allowed categories: bool, or packed in int32 words
  --key <which>             input (default), or per-row: a key for each row, which then draws as if it were alone
  --log-prob                add the output log_prob: the log-probability of each index
  --type <type>             float32, float16, float64 or bfloat16, where the model does not state the logits' type
  --soft                    add the output soft: the Gumbel-softmax sample
  --soft-temperature <x>    its temperature, a number or input; default 1
  --prefix <text>           put before the names of the new inputs and outputs
  --as-function             add the sampler as one node, which calls a function of the model

  --help, --version

Exit code: 0 when it is done, 1 when the file is no model or one that cannot be given a sampler, 2 when the command is
wrong, or a file cannot be read or written.
`;

/** The operations that export knows. */
export const OPERATIONS = ["gumbel-softmax", "gumbel-softmax-vjp", "categorical", "gumbel-top-k"] as const;

/** An operation that export knows. */
export type ExportedOperation = (typeof OPERATIONS)[number];

/** The command line, checked but for what the library checks. */
export type Command =
  | { readonly command: "help" }
  | { readonly command: "version" }
  | { readonly command: "inspect"; readonly model: string; readonly json: boolean }
  | {
      readonly command: "export";
      readonly operation: ExportedOperation;
      readonly options: object;
      readonly output: string;
      readonly force: boolean;
    }
  | {
      readonly command: "append";
      readonly model: string;
      readonly options: object;
      readonly output: string;
      readonly force: boolean;
    };

const COMMON = {
  output: { type: "string", short: "o" },
  force: { type: "boolean" },
  axis: { type: "string" },
  shape: { type: "string" },
  temperature: { type: "string" },
  noise: { type: "string" },
  precision: { type: "string" },
  integers: { type: "string" },
  "index-type": { type: "string" },
  "sample-shape": { type: "string" },
} as const;

const OWN = {
  export: {
    ...COMMON,
    hard: { type: "boolean" },
    sharding: { type: "boolean" },
    k: { type: "string" },
    opset: { type: "string" },
  },
  append: {
    ...COMMON,
    logits: { type: "string" },
    position: { type: "string" },
    "top-k": { type: "string" },
    "top-p": { type: "string" },
    "min-p": { type: "string" },
    mask: { type: "string" },
    candidates: { type: "string" },
    key: { type: "string" },
    "log-prob": { type: "boolean" },
    type: { type: "string" },
    soft: { type: "boolean" },
    "soft-temperature": { type: "string" },
    prefix: { type: "string" },
    "as-function": { type: "boolean" },
  },
  inspect: { json: { type: "boolean" } },
} as const;

/** Options that only some operations of export have. */
const OPERATIONS_OF: Readonly<Record<string, readonly ExportedOperation[]>> = {
  hard: ["gumbel-softmax"],
  k: ["gumbel-top-k"],
  "sample-shape": ["gumbel-softmax", "gumbel-softmax-vjp", "categorical"],
  "index-type": ["categorical", "gumbel-top-k"],
};

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Parses the words after the command's name. @throws UsageError naming what is allowed */
export function parseArguments(words: readonly string[]): Command {
  const [command, ...rest] = words;
  if (words.includes("--help") || words.includes("-h")) return { command: "help" };
  if (command === "--version") return { command: "version" };
  if (command !== "export" && command !== "append" && command !== "inspect") {
    const got = command === undefined ? "none" : JSON.stringify(command);
    throw new UsageError(`one of the commands export, append and inspect is needed, got ${got}${SEE_HELP}`);
  }
  const { values, positionals } = parse(rest, OWN[command]);
  const what = command === "export" ? `operation (${OPERATIONS.join(", ")})` : "model";
  if (positionals.length !== 1) {
    const got = positionals.length === 0 ? "none" : positionals.join(" ");
    throw new UsageError(`${command} takes one ${what}, got ${got}${SEE_HELP}`);
  }
  const [subject] = positionals;
  if (command === "inspect") return { command, model: subject, json: values.json === true };
  const { output, force = false } = values;
  if (typeof output !== "string") throw new UsageError(`${command} needs -o <file>${SEE_HELP}`);
  const target = { output, force: force === true };
  if (command === "append") {
    if (values.logits === undefined) {
      const inspect = `npx -p @gumbel/onnx gumbel-onnx inspect ${quoted(subject)}`;
      throw new UsageError(`append needs --logits <name>: ${inspect} lists candidates`);
    }
    return { command, model: subject, options: optionsOf(values), ...target };
  }
  const operation = OPERATIONS.find((known) => known === subject);
  if (operation === undefined) {
    throw new UsageError(`export knows ${OPERATIONS.join(", ")}, got ${JSON.stringify(subject)}`);
  }
  for (const [name, operations] of Object.entries(OPERATIONS_OF)) {
    if (values[name] !== undefined && !operations.includes(operation)) {
      throw new UsageError(`--${name} is an option of ${operations.join(", ")}, not of ${operation}`);
    }
  }
  return { command, operation, options: optionsOf(values), ...target };
}

const SEE_HELP = ". See gumbel-onnx --help";

function parse(words: readonly string[], options: (typeof OWN)[keyof typeof OWN]) {
  try {
    const parsed = parseArgs({
      args: withNegativeNumbers(words),
      allowPositionals: true,
      options: options as typeof OWN.export,
    });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    const message = (error as Error).message.replaceAll("\n", " ").replace(/\.$/, "");
    throw new UsageError(`${message}${SEE_HELP}`);
  }
}

/** `--axis -1` as `--axis=-1`: parseArgs takes what begins with a dash for an option. */
function withNegativeNumbers(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined[joined.length - 1] ?? "";
    if (/^-\d/.test(word) && /^--[a-z-]+$/.test(before)) joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** Options of the library's functions; a word in place of a number is a usage error. */
function optionsOf(values: Values): object {
  const number = (name: string) => numberOrWord(`--${name}`, values[name]);
  const given = {
    axis: number("axis"),
    shape: namedShapeOf(values.shape),
    temperature: number("temperature"),
    noise: values.noise,
    precision: values.precision,
    integers: values.integers,
    indexType: values["index-type"],
    hard: values.hard,
    sampleShape: shapeOf(values["sample-shape"]),
    sharding: values.sharding,
    k: number("k"),
    opset: number("opset"),
    logits: values.logits,
    position: values.position,
    topK: number("top-k"),
    topP: number("top-p"),
    minP: number("min-p"),
    mask: values.mask,
    candidates: number("candidates"),
    key: values.key,
    logProb: values["log-prob"],
    type: values.type,
    soft: values.soft,
    softTemperature: number("soft-temperature"),
    prefix: values.prefix,
    asFunction: values["as-function"],
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function numberOrWord(option: string, text: Values[string]): number | "input" | "per-row" | undefined {
  if (text === undefined || text === "input" || text === "per-row") return text;
  const value = Number(text);
  if (text === "" || Number.isNaN(value)) {
    throw new UsageError(`${option} must be a number, got ${JSON.stringify(text)}`);
  }
  return value;
}

function shapeOf(text: Values[string]): readonly number[] | "input" | undefined {
  if (typeof text !== "string" || text === "input") return text as "input" | undefined;
  return text.split(",").map((part) => numberOrWord("--sample-shape", part.trim()) as number);
}

/** A shape of sizes and names. */
function namedShapeOf(text: Values[string]): readonly (number | string)[] | undefined {
  if (typeof text !== "string") return undefined;
  return text.split(",").map((part) => (/^\s*-?\d+\s*$/.test(part) ? Number(part) : part.trim()));
}
