// Bad arguments: the right error, which names the argument and the value, before any work.
import { key } from "../../key.ts";
import type { Operation } from "../../sampler.ts";
import { OPERATIONS } from "../../sampler.ts";
import type { Call } from "../call.ts";
import { callOn } from "../call-on.ts";
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
  { value: null, error: "TypeError" },
] as const;

function noIntegers(argument: string): BadArgument[] {
  return NO_INTEGERS.map((bad) => ({ argument, ...bad }));
}

const BAD_NOISE: readonly BadArgument[] = [
  { argument: "key", value: 42, error: "TypeError" },
  { argument: "key", value: null, error: "TypeError" },
  { argument: "key", value: [1], shown: "[1]", error: "TypeError" },
  { argument: "key", value: [1, 2, 3], shown: "3", error: "TypeError" },
  { argument: "key", value: [1, "2"], shown: "2", error: "TypeError" },
  { argument: "key", value: [1, -1], shown: "-1", error: "RangeError" },
  { argument: "key", value: [2 ** 32, 0], shown: "4294967296", error: "RangeError" },
  { argument: "key", value: [0.5, 0], shown: "0.5", error: "RangeError" },
  { argument: "precision", value: "half", error: "RangeError" },
  { argument: "precision", value: null, error: "RangeError" },
  ...noIntegers("offset"),
  { argument: "offset", value: -1, error: "RangeError" },
  { argument: "offset", value: 2 ** 53, error: "RangeError" },
  ...noIntegers("rowStride"),
  { argument: "rowStride", value: 0, error: "RangeError" },
  { argument: "rowStride", value: 1, error: "RangeError" },
];
const BAD_LOGITS: readonly BadArgument[] = [
  ...noIntegers("axis"),
  { argument: "axis", value: 2, error: "RangeError" },
  { argument: "axis", value: -3, error: "RangeError" },
  { argument: "axis", value: 2 ** 32, error: "RangeError" },
  { argument: "validate", value: 1, error: "TypeError" },
  { argument: "validate", value: null, error: "TypeError" },
];
const BAD_SOFT: readonly BadArgument[] = [
  { argument: "temperature", value: 0, error: "RangeError" },
  { argument: "temperature", value: -1, error: "RangeError" },
  { argument: "temperature", value: Number.NaN, error: "RangeError" },
  { argument: "temperature", value: Number.POSITIVE_INFINITY, error: "RangeError" },
  { argument: "temperature", value: Number.NEGATIVE_INFINITY, error: "RangeError" },
  { argument: "temperature", value: "1", error: "TypeError" },
  { argument: "temperature", value: null, error: "TypeError" },
  { argument: "hard", value: 1, error: "TypeError" },
  { argument: "hard", value: null, error: "TypeError" },
];
const BAD_SAMPLES: readonly BadArgument[] = [
  { argument: "sampleShape", value: [-1], shown: "-1", error: "RangeError" },
  { argument: "sampleShape", value: [1.5], shown: "1.5", error: "RangeError" },
  { argument: "sampleShape", value: 3, error: "TypeError" },
  { argument: "sampleShape", value: null, error: "TypeError" },
];

const BAD_ARGUMENTS: Record<Operation, readonly BadArgument[]> = {
  bits: BAD_NOISE.filter(({ argument }) => argument !== "precision"),
  gumbel: BAD_NOISE,
  gumbelSoftmax: [...BAD_LOGITS, ...BAD_SOFT, ...BAD_SAMPLES, ...BAD_NOISE],
  gumbelSoftmaxVjp: [
    ...BAD_LOGITS,
    ...BAD_SOFT,
    ...BAD_SAMPLES,
    ...BAD_NOISE,
    { argument: "key", value: undefined, error: "TypeError" },
  ],
  softmax: [...BAD_LOGITS, ...BAD_SOFT],
  softmaxVjp: [...BAD_LOGITS, ...BAD_SOFT],
  categorical: [...BAD_LOGITS, ...BAD_SAMPLES, ...BAD_NOISE],
  topK: [...BAD_LOGITS, ...BAD_NOISE],
};

/** Every option that an operation may take beside the key. */
const OPTION_NAMES = [
  "precision",
  "offset",
  "rowStride",
  "axis",
  "validate",
  "temperature",
  "hard",
  "sampleShape",
];

/** A good call of each operation over [2, 3], for one bad argument to spoil. */
function goodCall(operation: Operation): Call {
  if (operation === "bits" || operation === "gumbel")
    return { operation, shape: [2, 3], options: { key: key(91) } };
  return callOn(operation, fixedLogits([2, 3], 92));
}

export const argumentCases: readonly ConformanceCase[] = [
  ...OPERATIONS.map(
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
        for (const bad of badCalls(operation, good, context.backend.sampler.capabilities.sharding)) {
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
  ...OPERATIONS.map(
    (operation): ConformanceCase => ({
      id: `arguments/defaults-${operation}`,
      kind: "exact",
      title: `${operation} takes an option that is undefined for one that is left out`,
      clauses: [operation === "bits" || operation === "gumbel" ? "NOISE-5" : "LOGITS-1"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const good = goodCall(operation);
        const undefinedOptions = Object.fromEntries(OPTION_NAMES.map((name) => [name, undefined]));
        await checkCall(subject, good);
        await checkCall(subject, { ...good, options: { ...undefinedOptions, ...good.options } } as Call);
      },
    }),
  ),
  {
    id: "arguments/declared-lacks",
    kind: "exact",
    title: "what the capabilities lack is refused with UnsupportedError",
    clauses: ["ARG-3"],
    async run(context) {
      const { operations, precisions, sharding } = context.backend.sampler.capabilities;
      const lacking: Call[] = OPERATIONS.filter((operation) => !operations.includes(operation)).map(goodCall);
      for (const operation of OPERATIONS.filter((name) => operations.includes(name))) {
        const good = goodCall(operation);
        const lacks = (options: object) =>
          lacking.push({ ...good, options: { ...good.options, ...options } } as Call);
        const takes = (name: string) => BAD_ARGUMENTS[operation].some(({ argument }) => argument === name);
        for (const precision of ["full", "jax"] as const) {
          if (takes("precision") && !precisions.includes(precision)) lacks({ precision });
        }
        // The default is no way around.
        if (takes("precision") && !precisions.includes("full")) lacks({});
        for (const option of [{ offset: 6 }, { rowStride: 9 }]) {
          if (takes("offset") && !sharding) lacks(option);
        }
      }
      for (const call of lacking) await expectError(context, call, { error: "UnsupportedError" });
    },
  },
];

interface BadCall {
  readonly call: Call;
  readonly argument: string;
  readonly shown: string;
  readonly error: string;
}

function badCalls(operation: Operation, good: Call, sharding: boolean): BadCall[] {
  const bad: BadCall[] = [];
  const add = (argument: string, change: object, shown: string, error = "RangeError") =>
    bad.push({ call: { ...good, ...change } as Call, argument, shown, error });
  const isHardToo = BAD_ARGUMENTS[operation].some(({ argument }) => argument === "hard");
  for (const { argument, value, shown = String(value), error } of BAD_ARGUMENTS[operation]) {
    if (!sharding && (argument === "offset" || argument === "rowStride")) continue;
    add(argument, { options: { ...good.options, [argument]: value } }, shown, error);
    if (!isHardToo || argument === "hard") continue;
    add(argument, { options: { ...good.options, hard: true, [argument]: value } }, shown, error);
  }
  if (operation === "topK") {
    for (const k of [-1, 4]) add("k", { k }, String(k));
    for (const { value, error } of NO_INTEGERS) add("k", { k: value }, String(value), error);
    add("k", { k: undefined }, "undefined", "TypeError");
  }
  if (operation === "bits" || operation === "gumbel") {
    add("shape", { shape: [2, -3] }, "-3");
    add("shape", { shape: 6 }, "6", "TypeError");
    return bad;
  }
  add("logits", { logits: { data: [1], shape: [] } }, "scalar");
  if ("cotangent" in good) add("cotangent", { cotangent: fixedLogits([3, 2], 93) }, "3, 2");
  if (operation === "gumbelSoftmaxVjp") {
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
