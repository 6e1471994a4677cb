// conditionalGumbel: with E = exp(−g) and p = softmax(logits/temperature), −log(E/p) at the index of each row and −log(E + p·E_index)
// elsewhere. The engine draws the noise; the rest is float64 in JavaScript, where nothing cancels.
import {
  assertIndices,
  CONDITIONAL_MARGIN,
  CONDITIONAL_PUSH,
  FLT_MAX,
  type ResolvedConditionalGumbel,
  type ResolvedNoise,
  type RowLayout,
  rowCountOf,
  rowStartOf,
} from "@gumbel/core/adapter";
import type { Inputs, MemoryLayout, Steps, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { drawNoise } from "./noise-tasks.ts";

export default function kernel(
  call: ResolvedConditionalGumbel,
  { logits, indices }: Inputs<"logits" | "indices">,
): Work {
  const { layout, noise, temperature, outputShape } = call;
  assertIndices(indices, layout.categories);
  return function* (memory) {
    const values = yield* conditionalNoise(memory, logits, indices, layout, noise, temperature);
    return { noise: arrayOf(values, outputShape) };
  };
}

/** Noise given the argmax of each row, NaN where there is none. */
export function* conditionalNoise(
  memory: MemoryLayout,
  logits: Float32Array,
  indices: ArrayLike<number>,
  layout: RowLayout,
  noise: ResolvedNoise,
  temperature: number,
): Steps<Float32Array<ArrayBuffer>> {
  const values = yield* drawNoise(memory, noise);
  const rows = layout.samples * rowCountOf(layout);
  for (let row = 0; row < rows; row++) condition(values, row, logits, indices[row], layout, temperature);
  return values;
}

/** Turns the noise of one row into that given its argmax, in place. */
function condition(
  noise: Float32Array,
  row: number,
  logits: Float32Array,
  index: number,
  layout: RowLayout,
  temperature: number,
): void {
  const { categories, inner } = layout;
  const start = rowStartOf(layout, row);
  const logitsStart = start % logits.length;
  let max = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < categories; j++) max = Math.max(max, logits[logitsStart + j * inner]);
  const scaled = (j: number) => (logits[logitsStart + j * inner] - max) / temperature;
  let sum = 0;
  for (let j = 0; j < categories; j++) sum += Math.exp(scaled(j));
  const winner = index < 0 ? Number.NaN : scaled(index);
  // A degenerate row's sum is NaN.
  if (Number.isNaN(sum) || !(winner > Number.NEGATIVE_INFINITY)) {
    for (let j = 0; j < categories; j++) noise[start + j * inner] = Number.NaN;
    return;
  }
  const g = noise[start + index * inner];
  const z = g + Math.log(sum);
  const share = Math.exp(-g) / sum;
  const limit = z - CONDITIONAL_MARGIN * Math.max(1, Math.abs(z));
  for (let j = 0; j < categories; j++) {
    const at = start + j * inner;
    const s = scaled(j);
    const own = -Math.log(Math.exp(-noise[at]) + Math.exp(s) * share);
    noise[at] = Math.min(own, limit - s * (1 - CONDITIONAL_MARGIN));
  }
  noise[start + index * inner] = Math.min(FLT_MAX, z - winner * (1 + CONDITIONAL_PUSH));
}
