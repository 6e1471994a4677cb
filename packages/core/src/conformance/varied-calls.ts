// One call for each path that an implementation may take: what the cases about lifetime run, beside ordinary calls.
import { key } from "../key.ts";
import type { NdArray } from "../nd-array.ts";
import type { Capabilities, Operation } from "../sampler.ts";
import type { Call, CallOf } from "./call.ts";
import { callOn } from "./call-on.ts";
import { fixedLogits } from "./fixed-logits.ts";

/** Calls of an operation that succeed: ordinary ones first, then each option and each odd sort of logits. */
export function variedCalls(operation: Operation, seed: number, capabilities: Capabilities): Call[] {
  const precisions = capabilities.precisions.map((precision) => ({ precision }));
  if (operation === "bits" || operation === "gumbel") {
    const shapes = [[4, 6], [], [0, 3], [2, 3, 4]];
    return [
      ...shapes.map((shape): Call => ({ operation, shape, options: { key: key(seed) } })),
      ...precisions.map(
        (options): Call => ({ operation, shape: [7], options: { key: key(seed), ...options } }),
      ),
    ];
  }
  const call = (shape: readonly number[], options: CallOf<"gumbelSoftmax">["options"] = {}) =>
    callOn(operation, fixedLogits(shape, seed), { key: key(seed), ...options });
  const isSampled = operation !== "softmax" && operation !== "softmaxVjp";
  const isSoft = operation !== "categorical" && operation !== "topK";
  const takesSamples = isSampled && operation !== "topK";
  return [
    call([4, 6]),
    call([2, 3, 4], { axis: 1 }),
    call([5, 1]),
    call([0, 3]),
    call([4, 6], { validate: true }),
    callOn(operation, oddLogits(seed), { key: key(seed) }),
    ...(isSoft ? [call([4, 6], { hard: true, temperature: 0.5 })] : []),
    ...(isSampled ? precisions.map((options) => call([4, 6], options)) : []),
    ...(takesSamples ? [call([4, 6], { sampleShape: [3] }), call([4, 6], { sampleShape: [0] })] : []),
    ...(operation === "topK" ? [{ ...(call([4, 6]) as CallOf<"topK">), k: 0 }] : []),
  ];
}

/** Calls that throw: a degenerate row under validate, and options that are refused. */
export function refusedCalls(operation: Operation, seed: number): Call[] {
  const options = { key: key(seed) };
  const isNoise = operation === "bits" || operation === "gumbel";
  const withoutKey = { ...options, key: null } as unknown as { key: undefined };
  if (isNoise) return [{ operation, shape: [4, 6], options: withoutKey }];
  return [
    callOn(operation, fixedLogits([4, 6], seed), withoutKey),
    callOn(operation, fixedLogits([4, 6], seed), { ...options, axis: 2 }),
    callOn(operation, oddLogits(seed), { ...options, validate: true }),
  ];
}

/** Masks, and rows that no sample can be drawn from. */
function oddLogits(seed: number): NdArray {
  const { data, shape } = fixedLogits([4, 6], seed);
  data.set([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 0);
  data.fill(Number.NEGATIVE_INFINITY, 6, 12);
  data[13] = Number.NEGATIVE_INFINITY;
  return { data, shape };
}
