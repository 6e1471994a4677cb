// Bad arguments: the right error, which names the argument and the value, before any work.

import { ESTIMATORS } from "../../estimators.ts";
import { FILTERS, type FilterName } from "../../filters.ts";
import { OPERATION_NAMES, type OperationName, operations } from "../../operation-table.ts";
import { foldIn, key } from "../../random/key.ts";
import { nextKey, seed } from "../../random/key-stream.ts";
import type { Capabilities } from "../../sampler.ts";
import { type Call, hasOption, inputNamesOf, mayLackKey } from "../call.ts";
import { smallCall } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits } from "../fixed-logits.ts";

/** Something that a caller may get wrong: an option, what came, how the message shows it, and the error's name. */
interface BadArgument {
  readonly argument: string;
  readonly value: unknown;
  readonly shown?: string;
  readonly error: "RangeError" | "TypeError";
}

/** What no integer is. None of these may pass for an option that is left out. */
const NO_INTEGERS = [
  { value: 0.5, error: "RangeError" },
  { value: Number.NaN, error: "RangeError" },
  { value: "1", error: "TypeError" },
] as const;

function noIntegers(argument: string): BadArgument[] {
  return NO_INTEGERS.map((bad) => ({ argument, ...bad }));
}

/** Bad values of each option. */
const BAD_OPTIONS: readonly BadArgument[] = [
  { argument: "key", value: 42, error: "TypeError" },
  { argument: "key", value: [1], shown: "[1]", error: "TypeError" },
  { argument: "key", value: [1, 2, 3], shown: "3", error: "TypeError" },
  { argument: "key", value: [1, "2"], shown: "2", error: "TypeError" },
  { argument: "key", value: [1, -1], shown: "-1", error: "RangeError" },
  { argument: "key", value: [2 ** 32, 0], shown: "4294967296", error: "RangeError" },
  { argument: "key", value: [0.5, 0], shown: "0.5", error: "RangeError" },
  { argument: "precision", value: "half", error: "RangeError" },
  { argument: "precision", value: 23, error: "TypeError" },
  ...noIntegers("offset"),
  { argument: "offset", value: -1, error: "RangeError" },
  { argument: "offset", value: 2 ** 53, error: "RangeError" },
  ...noIntegers("rowStride"),
  { argument: "rowStride", value: 0, error: "RangeError" },
  { argument: "rowStride", value: 1, error: "RangeError" },
  ...noIntegers("axis"),
  { argument: "axis", value: 2, error: "RangeError" },
  { argument: "axis", value: -3, error: "RangeError" },
  { argument: "axis", value: 2 ** 32, error: "RangeError" },
  { argument: "temperature", value: -1, error: "RangeError" },
  { argument: "temperature", value: 2 ** -41, error: "RangeError" },
  { argument: "temperature", value: 2 ** 41, error: "RangeError" },
  { argument: "temperature", value: Number.NaN, error: "RangeError" },
  { argument: "temperature", value: Number.POSITIVE_INFINITY, error: "RangeError" },
  { argument: "temperature", value: "1", error: "TypeError" },
  ...["topNSigma", "topK", "topP", "minP", "typicalP", "epsilonCutoff", "etaCutoff"].flatMap(
    (argument): BadArgument[] => [
      { argument, value: -1, error: "RangeError" },
      { argument, value: Number.NaN, error: "RangeError" },
      { argument, value: "1", error: "TypeError" },
      { argument, value: [1], shown: "[1]", error: "RangeError" },
      { argument, value: [0, -2], shown: "-2", error: "RangeError" },
    ],
  ),
  { argument: "topK", value: 1.5, error: "RangeError" },
  ...["topP", "minP", "typicalP", "epsilonCutoff", "etaCutoff"].map(
    (argument): BadArgument => ({ argument, value: 1.01, error: "RangeError" }),
  ),
  { argument: "mask", value: [3], shown: "[3]", error: "TypeError" },
  { argument: "mask", value: new Int32Array(3), shown: "3", error: "RangeError" },
  { argument: "order", value: "last", error: "RangeError" },
  { argument: "hard", value: 1, error: "TypeError" },
  { argument: "hard", value: "true", error: "TypeError" },
  { argument: "estimator", value: "zgr", error: "RangeError" },
  { argument: "estimator", value: 2, error: "TypeError" },
  { argument: "backwardTemperature", value: 0, error: "RangeError" },
  { argument: "backwardTemperature", value: Number.NaN, error: "RangeError" },
  { argument: "backwardTemperature", value: "1", error: "TypeError" },
  ...noIntegers("draws"),
  { argument: "draws", value: 0, error: "RangeError" },
  { argument: "draws", value: 65537, error: "RangeError" },
  { argument: "gap", value: -1, error: "RangeError" },
  { argument: "gap", value: Number.POSITIVE_INFINITY, error: "RangeError" },
  { argument: "gap", value: "1", error: "TypeError" },
  { argument: "gap", value: "mean", error: "TypeError" },
  { argument: "log", value: 1, error: "TypeError" },
  { argument: "logit", value: 1, error: "TypeError" },
  { argument: "sampleShape", value: [-1], shown: "-1", error: "RangeError" },
  { argument: "sampleShape", value: [1.5], shown: "1.5", error: "RangeError" },
  { argument: "sampleShape", value: 3, error: "TypeError" },
];

/** Options of other libraries, and what an error must suggest for them where the operation has it. */
const FOREIGN_OPTIONS = [
  ["tau", "temperature"],
  ["dim", "axis"],
  ["axes", "axis"],
  ["numSamples", "sampleShape"],
  ["n", "sampleShape"],
  ["size", "sampleShape"],
  ["replacement", "gumbelTopK"],
  ["topk", "topK"],
  ["Temperature", "temperature"],
  ["validate", ""],
] as const;

/** The bad values of the options that an operation has. */
function badOptionsOf(operation: OperationName): BadArgument[] {
  const bad = BAD_OPTIONS.filter(({ argument }) => hasOption(operation, argument));
  if (hasOption(operation, "temperature") && operation !== "categorical")
    bad.push({ argument: "temperature", value: 0, error: "RangeError" });
  // A gradient is that of a sample, whose key it needs.
  if (operation === "gumbelSoftmaxVjp")
    bad.push(...[undefined, null].map((value) => ({ argument: "key", value, error: "TypeError" }) as const));
  return bad;
}

/** A good call of each operation over [2, 3], for one bad argument to spoil. */
function goodCall(operation: OperationName): Call {
  return smallCall(operation, [2, 3], 92, { key: key(91) });
}

export const argumentCases: readonly ConformanceCase[] = [
  ...OPERATION_NAMES.map(
    (operation): ConformanceCase => ({
      id: `arguments/${operation}`,
      kind: "exact",
      title: `${operation} refuses bad arguments by name, with what came and what is allowed, and works on`,
      clauses: ["ARG-1", "ARG-2"],
      needs: { operations: [operation] },
      async run(context) {
        const good = goodCall(operation);
        await checkCall(context.subject, good);
        const alive = await context.backend.liveTensors?.();
        for (const bad of badCalls(operation, good, context.backend.sampler.capabilities)) {
          await expectError(context, bad.call, bad);
        }
        const left = await context.backend.liveTensors?.();
        if (alive !== left) {
          throw new ConformanceFailure("ARG-2", {
            note: "refused calls left tensors alive",
            call: good,
            got: left!,
            expected: alive!,
          });
        }
        await checkCall(context.subject, good);
      },
    }),
  ),
  ...OPERATION_NAMES.filter(mayLackKey).map(
    (operation): ConformanceCase => ({
      id: `arguments/draw-no-key-${operation}`,
      kind: "exact",
      title: `${operation} without a key draws none of the default stream when it is refused`,
      clauses: ["KEY-3"],
      needs: { operations: [operation] },
      async run({ subject, backend }) {
        const good = goodCall(operation);
        const bad = badCalls(operation, good, backend.sampler.capabilities);
        const calls = bad.filter(({ argument }) => argument !== "key").map(({ call }) => call);
        if ("indices" in good) calls.push({ ...good, indices: { data: [0, 3], shape: [2] } });
        for (const call of calls) {
          seed(7);
          // An index out of range is not refused on a GPU.
          const isRefused = await subject.run(withoutKey(call)).then(
            () => false,
            () => true,
          );
          if (!isRefused || String(nextKey()) === String(foldIn(key(7), 0))) continue;
          throw new ConformanceFailure("KEY-3", {
            note: "a refused call drew a key of the default stream",
            call,
          });
        }
      },
    }),
  ),
  ...OPERATION_NAMES.map(
    (operation): ConformanceCase => ({
      id: `arguments/defaults-${operation}`,
      kind: "exact",
      title: `${operation} takes an option that is undefined or null for one that is left out`,
      clauses: ["ARG-4"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const good = goodCall(operation);
        await checkCall(subject, good);
        for (const none of [undefined, null]) {
          const options = Object.keys(operations[operation].options).map((name) => [name, none]);
          await checkCall(subject, {
            ...good,
            options: { ...Object.fromEntries(options), ...good.options },
          } as Call);
        }
      },
    }),
  ),
  {
    id: "arguments/declared-lacks",
    kind: "exact",
    title: "what the capabilities lack is refused with UnsupportedError",
    clauses: ["ARG-3"],
    async run(context) {
      const { operations, precisions, sharding, logarithms, filters, perRow } =
        context.backend.sampler.capabilities;
      const { estimators = [] } = context.backend.sampler.capabilities;
      const lacking: Call[] = OPERATION_NAMES.filter((operation) => !operations.includes(operation)).map(
        goodCall,
      );
      for (const operation of OPERATION_NAMES.filter((name) => operations.includes(name))) {
        const good = goodCall(operation);
        const lacks = (options: object) =>
          lacking.push({ ...good, options: { ...good.options, ...options } } as Call);
        const takes = (name: string) => hasOption(operation, name);
        for (const precision of ["full", "jax"] as const) {
          if (takes("precision") && !precisions.includes(precision)) lacks({ precision });
        }
        if (takes("log") && !logarithms) lacks({ log: true });
        // The default is no way around.
        if (takes("precision") && !precisions.includes("full")) lacks({});
        if (takes("topP")) {
          for (const name of FILTERS.filter((filter) => !filters.includes(filter))) {
            lacks({ [name]: name === "mask" ? Int32Array.of(-1) : 0.5 });
          }
          if (!perRow) lacks({ temperature: [1, 2] });
        }
        if (takes("topP") && takes("key") && !perRow) lacks({ key: [key(1), key(2)] });
        if (takes("estimator")) {
          const lacking = ESTIMATORS.filter((estimator) => !estimators.includes(estimator));
          for (const estimator of lacking) {
            lacks(
              estimator === "straight-through"
                ? { hard: true, backwardTemperature: 0.5 }
                : { hard: true, estimator },
            );
          }
        }
        for (const option of [{ offset: 6 }, { rowStride: 9 }]) {
          if (takes("offset") && !sharding) lacks(option);
        }
      }
      for (const call of lacking) await expectError(context, call, { error: "UnsupportedError" });
    },
  },
];

function withoutKey(call: Call): Call {
  const { options } = call as { readonly options: unknown };
  const isObject = typeof options === "object" && !Array.isArray(options) && !ArrayBuffer.isView(options);
  return isObject ? ({ ...call, options: { ...options, key: undefined } } as Call) : call;
}

interface BadCall {
  readonly call: Call;
  readonly argument: string;
  readonly shown: string;
  readonly error: string;
}

function badCalls(
  operation: OperationName,
  good: Call,
  { sharding, logarithms, filters, perRow, estimators = [] }: Capabilities,
): BadCall[] {
  const bad: BadCall[] = [];
  const add = (argument: string, change: object, shown: string, error = "RangeError") =>
    bad.push({ call: { ...good, ...change } as Call, argument, shown, error });
  for (const { argument, value, shown = String(value), error } of badOptionsOf(operation)) {
    if (!sharding && (argument === "offset" || argument === "rowStride")) continue;
    if (argument === "backwardTemperature" && !estimators.includes("straight-through")) continue;
    // What is lacking is refused as such.
    const isFilter = (FILTERS as readonly string[]).includes(argument);
    if (isFilter && (!filters.includes(argument as FilterName) || (Array.isArray(value) && !perRow)))
      continue;
    add(argument, { options: { ...good.options, [argument]: value } }, shown, error);
    if (!hasOption(operation, "hard") || argument === "hard") continue;
    add(argument, { options: { ...good.options, hard: true, [argument]: value } }, shown, error);
  }
  for (const [option, meant] of FOREIGN_OPTIONS) {
    // Where it is no filter, it is taken for drawing without replacement.
    const elsewhere = /^(replacement|topk)$/.test(option) ? "gumbelTopK" : operation;
    const suggested = hasOption(operation, meant) ? meant : elsewhere;
    add(option, { options: { ...good.options, [option]: 1 } }, suggested, "TypeError");
  }
  if (hasOption(operation, "log") && logarithms)
    add("log", { options: { ...good.options, hard: true, log: true } }, "hard");
  if (hasOption(operation, "logit"))
    add("logit", { options: { ...good.options, hard: true, logit: true } }, "hard");
  // A key by position, an option by position, and a number of samples: calls of other libraries.
  for (const options of [key(42), Uint32Array.of(0, 42), 0.5, "full"]) {
    add(operation, { options }, "options", "TypeError");
  }
  if ("k" in good) {
    for (const k of [-1, 4]) add("k", { k }, String(k));
    for (const { value, error } of NO_INTEGERS) add("k", { k: value }, String(value), error);
    add("k", { k: undefined }, "undefined", "TypeError");
  }
  if ("shape" in good) {
    add("shape", { shape: [2, -3] }, "-3");
    add("shape", { shape: 6 }, "6", "TypeError");
    return bad;
  }
  if (hasOption(operation, "axis")) add("logits", { logits: { data: [1], shape: [] } }, "scalar");
  const [, ...others] = inputNamesOf(good);
  for (const name of others) add(name, { [name]: fixedLogits([3, 2], 93) }, "3, 2");
  if ("cotangent" in good && hasOption(operation, "sampleShape")) {
    // Not broadcast: whoever leaves the samples out has summed over them too early.
    add("cotangent", { options: { ...good.options, sampleShape: [4] } }, "4, 2, 3");
  }
  return bad;
}

async function expectError(
  { subject }: CaseContext,
  call: Call,
  { argument, shown, error: name }: { argument?: string; shown?: string; error: string },
): Promise<void> {
  const clause = name === "UnsupportedError" ? "ARG-3" : "ARG-1";
  let error: unknown;
  try {
    await subject.run(call);
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined)
    throw new ConformanceFailure(clause, { note: `expected a ${name}, got no error`, call });
  if (!(error instanceof Error && error.name === name))
    throw new ConformanceFailure(clause, { note: `expected a ${name}, got ${error}`, call });
  for (const part of [argument, shown]) {
    if (part === undefined || error.message.includes(part)) continue;
    throw new ConformanceFailure(clause, {
      note: `the message must mention ${part}: "${error.message}"`,
      call,
    });
  }
}
