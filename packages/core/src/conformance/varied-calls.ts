// One call for each path that an implementation may take: what the cases about lifetime run, beside ordinary calls.

import type { FilterName } from "../filters.ts";
import type { NdArray } from "../nd-array.ts";
import type { OperationName } from "../operation-table.ts";
import { key } from "../random/key.ts";
import type { Capabilities } from "../sampler.ts";
import { type Call, hasOption } from "./call.ts";
import { type AnyOptions, callOn, isOnLogits, smallCall } from "./call-on.ts";
import { fixedLogits } from "./fixed-logits.ts";

/** Calls of an operation that succeed: ordinary ones first, then each option and each odd sort of logits. */
export function variedCalls(operation: OperationName, seed: number, capabilities: Capabilities): Call[] {
  const precisions = capabilities.precisions.map((precision) => ({ precision }));
  const call = (shape: readonly number[], options: AnyOptions = {}) =>
    smallCall(operation, shape, seed, { key: key(seed), ...options });
  const has = (option: string) => hasOption(operation, option);
  const noise = has("precision") ? precisions.map((options) => call([4, 6], options)) : [];
  if (!isOnLogits(operation))
    return [...[[4, 6], [], [0, 3], [2, 3, 4]].map((shape) => call(shape)), ...noise];
  const plain = call([4, 6]);
  return [
    plain,
    call([2, 3, 4], { axis: 1 }),
    call([5, 1]),
    call([0, 3]),
    callOn(operation, oddLogits(seed), { key: key(seed) }),
    ...(has("temperature") ? [call([4, 6], { temperature: 0.5 })] : []),
    ...(has("hard") ? [call([4, 6], { hard: true, temperature: 0.5 })] : []),
    ...(has("log") && capabilities.logarithms ? [call([4, 6], { log: true, temperature: 0.5 })] : []),
    ...noise,
    ...(has("sampleShape") ? [[3], [0]].map((sampleShape) => call([4, 6], { sampleShape })) : []),
    ...(has("topP") ? filtersOf(capabilities).map((options) => call([4, 6], options)) : []),
    ...("k" in plain ? [{ ...plain, k: 0 }] : []),
  ];
}

/** Every filter that a backend has, and values for each of four rows. */
function filtersOf({ filters = [], perRow = false }: Capabilities): AnyOptions[] {
  const all = { mask: Int32Array.of(0b110111), topK: 4, topP: 0.8, minP: 0.05, typicalP: 0.9 };
  const declared = Object.entries(all).filter(([name]) => filters.includes(name as FilterName));
  return [
    ...declared.map((entry) => Object.fromEntries([entry])),
    ...(perRow ? [{ temperature: [1, 0.5, 2, 1] }] : []),
  ];
}

/** Calls that throw, for an option that is refused. */
export function refusedCalls(operation: OperationName, seed: number): Call[] {
  const plain = smallCall(operation, [4, 6], seed, { key: key(seed) });
  const refused = (option: object) => ({ ...plain, options: { ...plain.options, ...option } }) as Call;
  return [
    refused({ tau: 1 }),
    ...(hasOption(operation, "key") ? [refused({ key: [1, 2, 3] })] : []),
    ...(hasOption(operation, "axis") ? [refused({ axis: 2 })] : []),
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
