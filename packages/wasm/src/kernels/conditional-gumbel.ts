// conditionalGumbel: with E = exp(−g) and p = softmax(logits/temperature), −log(E/p) at the index of each row and −log(E + p·E_index)
// elsewhere. The engine makes noise and probabilities; the rest is float64 in JavaScript.
import {
  assertIndices,
  CONDITIONAL_MARGIN,
  CONDITIONAL_PUSH,
  FLT_MAX,
  type ResolvedConditionalGumbel,
  type ResolvedGumbelSoftmax,
  type ResolvedNoise,
  type RowLayout,
  rowCountOf,
  rowStartOf,
} from "@gumbel/core/adapter";
import type { Inputs, MemoryLayout, Steps, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { softOf } from "./forward.ts";
import { drawNoise } from "./noise-tasks.ts";

export default function kernel(
  call: ResolvedConditionalGumbel,
  { logits, indices }: Inputs<"logits" | "indices">,
): Work {
  const { layout, noise, temperature, outputShape } = call;
  assertIndices(indices, layout.categories);
  return function* (memory) {
    const p = yield* probabilitiesOf(memory, logits, call);
    const values = yield* conditionalNoise(memory, logits, p, indices, layout, noise, temperature);
    return { noise: arrayOf(values, outputShape) };
  };
}

/** `softmax(logits/temperature)`, of one sample. */
export function probabilitiesOf(
  memory: MemoryLayout,
  logits: Float32Array,
  { layout, shape, axis, temperature }: ResolvedConditionalGumbel | ResolvedGumbelSoftmax,
): Steps<Float32Array<ArrayBuffer>> {
  const plain = { shape, axis, temperature, sampleShape: [], outputShape: shape, hard: false, log: false };
  return softOf(memory, logits, { ...plain, layout: { ...layout, samples: 1 } }, undefined);
}

/**
 * Noise given the argmax of each row, NaN where there is none.
 * @param p probabilities of the logits
 */
export function* conditionalNoise(
  memory: MemoryLayout,
  logits: Float32Array,
  p: Float32Array,
  indices: ArrayLike<number>,
  layout: RowLayout,
  noise: ResolvedNoise,
  temperature: number,
): Steps<Float32Array<ArrayBuffer>> {
  const values = yield* drawNoise(memory, noise);
  const rows = layout.samples * rowCountOf(layout);
  for (let row = 0; row < rows; row++) condition(values, row, logits, p, indices[row], layout, temperature);
  return values;
}

/** Turns the noise of one row into that given its argmax, in place. */
function condition(
  noise: Float32Array,
  row: number,
  logits: Float32Array,
  p: Float32Array,
  index: number,
  layout: RowLayout,
  temperature: number,
): void {
  const { categories, inner } = layout;
  const start = rowStartOf(layout, row);
  const offset = (start % logits.length) - start;
  const end = start + categories * inner;
  const winner = start + index * inner;
  // A degenerate row's probabilities are NaN.
  if (index < 0 || Number.isNaN(p[start + offset]) || logits[winner + offset] === Number.NEGATIVE_INFINITY) {
    for (let at = start; at < end; at += inner) noise[at] = Number.NaN;
    return;
  }
  let max = Number.NEGATIVE_INFINITY;
  let most = 0;
  for (let at = start + offset; at < end + offset; at += inner) {
    if (logits[at] > max) max = logits[at];
    if (p[at] > most) most = p[at];
  }
  const g = noise[winner];
  // The largest probability is one over the sum of exponentials.
  const z = g - Math.log(most);
  const exponential = Math.exp(-g);
  const limit = z - CONDITIONAL_MARGIN * Math.max(1, Math.abs(z));
  for (let at = start; at < end; at += inner) {
    const share = p[at + offset];
    // One that has none cannot reach the index: its noise is unconditional.
    if (share === 0) continue;
    const s = (logits[at + offset] - max) / temperature;
    const own = -Math.log(Math.exp(-noise[at]) + share * exponential);
    noise[at] = Math.min(own, limit - s * (1 - CONDITIONAL_MARGIN));
  }
  const s = (logits[winner + offset] - max) / temperature;
  noise[winner] = Math.min(FLT_MAX, z - s * (1 + CONDITIONAL_PUSH));
}
