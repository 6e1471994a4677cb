// Faults of a sampler that remembers: results and kernels kept from an earlier call, inputs and results changed on side
// paths, keys of the default stream drawn where none is due.
import { OPERATION_NAMES } from "../../../src/adapter.ts";
import type { OperationName } from "../../../src/index.ts";
import { nextKey } from "../../../src/random/key-stream.ts";
import { type AlteredCall, alter, given, type Options, productOf } from "../alter.ts";
import type { Fault, FaultContext, Handle } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

const ON_LOGITS = OPERATION_NAMES.filter((operation) => operation !== "bits" && operation !== "gumbel");

/** Whether a call is one that the honest backend answers: a fault in a cache has no part in refusals. */
function isSound({ operation, inputs, logits }: AlteredCall, options: Options): boolean {
  const shape = operation === "bits" || operation === "gumbel" ? inputs[0] : logits?.shape;
  if (!Array.isArray(shape) || options === null || typeof options !== "object") return false;
  const { rowStride = shape.at(-1) ?? 1, precision = "full" } = options;
  const isPrecision = precision === "full" || precision === "jax";
  return isPrecision && Number.isInteger(rowStride) && rowStride >= shape.at(-1);
}

/** An option of the first call is kept for all that have the same shape and are otherwise asked for the same. */
function keepsFirst(operation: OperationName, name: keyof Options): Fault {
  const kept = new Map<string, unknown>();
  return given([operation], (options, call) => {
    if (!isSound(call, options)) return options;
    const shape = operation === "bits" ? call.inputs[0] : call.logits.shape;
    const id = JSON.stringify([shape, { ...options, [name]: undefined }, call.inputs[1]]);
    if (!kept.has(id)) kept.set(id, options[name]);
    return { ...options, [name]: kept.get(id) };
  });
}

/** Does something beside an honest call that succeeds. */
function beside(
  operations: readonly OperationName[],
  act: (results: Handle[], call: AlteredCall, context: FaultContext) => void,
): Fault {
  return alter(operations, async (call, context) => {
    const results = await call.honest();
    act(results, { ...call, options: call.options ?? {} }, context);
    return results;
  });
}

function classesOf({ logits, options }: AlteredCall): number {
  return logits.shape.at(options.axis ?? -1)!;
}

export const historyFaults: readonly Sabotage[] = [
  ...(
    [
      ["categorical", "precision"],
      ["gumbelSoftmax", "rowStride"],
      ["bits", "rowStride"],
    ] as const
  ).map(
    ([operation, name]): Sabotage => ({
      name: `a kernel of ${operation} is kept with the ${name} of its first call, everything else being the same`,
      fault: keepsFirst(operation, name),
      breaks: ["KEY-4"],
    }),
  ),
  ...(["softmax", "categorical", "gumbelSoftmaxVjp"] as const).map(
    (operation): Sabotage => ({
      name: `a result of ${operation} is kept for its tensor of logits and its key, whatever the other options`,
      fault: (() => {
        const kept = new WeakMap<Handle, Map<string, Float32Array | Int32Array>>();
        return beside([operation], ([result], { logits, options }) => {
          if (!kept.has(logits)) kept.set(logits, new Map());
          const results = kept.get(logits)!;
          const id = `${options.key} ${result.shape}`;
          if (results.has(id)) result.data.set(results.get(id)!);
          else results.set(id, result.data.slice());
        });
      })(),
      breaks: ["KEY-4"],
    }),
  ),
  {
    name: "soft logits are divided by a temperature that is not 1 in place",
    fault: beside(["softmax"], (_, { logits, options }) => {
      const { temperature = 1, hard = false } = options;
      if (!hard) logits.data.set(logits.data.map((value) => value / temperature));
    }),
    breaks: ["LIFE-1"],
  },
  {
    name: "the gradient divides its cotangent by the temperature in place",
    fault: beside(["gumbelSoftmaxVjp"], (_, { inputs, options }) => {
      const { data } = inputs[1] as Handle;
      const { temperature = 1 } = options;
      data.set(data.map((value) => value / temperature));
    }),
    breaks: ["LIFE-1"],
  },
  ...(
    [
      ["longer than 1024", (call: AlteredCall) => classesOf(call) > 1024],
      ["of rank 4", ({ logits }: AlteredCall) => logits.shape.length === 4],
    ] as const
  ).flatMap(([what, isIt]): Sabotage[] => [
    {
      name: `top-k sorts logits ${what} where they stand`,
      fault: beside(["gumbelTopK"], (_, call) => {
        if (isIt(call)) call.logits.data.sort();
      }),
      breaks: ["LIFE-1"],
    },
    {
      name: `an operation leaks a scratch tensor for logits ${what}`,
      fault: beside(ON_LOGITS, (_, call, { make }) => {
        if (isIt(call)) make([0], [1]);
      }),
      breaks: ["LIFE-2"],
    },
  ]),
  {
    name: "noise of a shard leaks the counters that it is made from",
    fault: beside(["gumbel"], (_, { options }, { make }) => {
      if (options.offset !== undefined) make([0], [1]);
    }),
    breaks: ["LIFE-2"],
  },
  {
    name: "results of more than 1000 elements share one buffer for each length",
    fault: (() => {
      const pool = new Map<number, Float32Array | Int32Array>();
      return beside(["gumbelSoftmax", "gumbelSoftmaxVjp"], ([result]) => {
        const { length } = result.data;
        if (length <= 1000) return;
        const shared = pool.get(length) ?? result.data;
        shared.set(result.data);
        pool.set(length, shared);
        Object.defineProperty(result, "data", { value: shared });
      });
    })(),
    breaks: ["LIFE-1"],
  },
  ...(["softmax", "softmaxVjp", "gumbelSoftmaxVjp"] as const).map(
    (operation): Sabotage => ({
      name: `${operation} draws a key of the default stream that it has no use for`,
      fault: beside([operation], () => void nextKey()),
      breaks: ["KEY-3"],
    }),
  ),
  {
    name: "calls without a key that are at work at the same time share one",
    fault: (() => {
      let shared: readonly [number, number] | undefined;
      return alter(["categorical", "gumbelSoftmax"], async ({ options, honest }) => {
        if (options?.key !== undefined) return honest();
        shared ??= nextKey();
        const key = shared;
        await Promise.resolve();
        shared = undefined;
        return honest({ ...options, key });
      });
    })(),
    breaks: ["KEY-3"],
  },
  {
    name: "samples of a degenerate tensor are marked in the first sample alone",
    fault: beside(["categorical"], ([{ data }], { options }) => {
      const first = data.length / productOf(options.sampleShape);
      data.set(data.map((index, i) => (i >= first && index === -1 ? 0 : index)));
    }),
    breaks: ["LOGITS-3"],
  },
];
