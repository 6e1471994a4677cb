// conditionalGumbel: with E = exp(−g) and p = softmax(logits/temperature), −log(E/p) at the index of each row and −log(E + p·E_index)
// elsewhere.
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
import { eachBatch, inputOf } from "./batches.ts";
import { drawNoise } from "./noise-tasks.ts";
import { type RowNormalizers, rowNormalizersOf } from "./row-normalizers.ts";

/** Floats that conditionRows of the engine takes for a row. */
const SCALARS = 4;

export default function kernel(
  call: ResolvedConditionalGumbel,
  { logits, indices }: Inputs<"logits" | "indices">,
): Work {
  const { layout, noise, temperature, outputShape } = call;
  assertIndices(indices, call);
  return function* (memory) {
    const normalizers = yield* rowNormalizersOf(memory, logits, layout, temperature);
    const values = yield* conditionalNoise(memory, logits, normalizers, indices, layout, noise, temperature);
    return { noise: arrayOf(values, outputShape) };
  };
}

/**
 * Noise given the argmax of each row, NaN where there is none.
 * @param normalizers of the rows of the logits at the temperature
 */
export function* conditionalNoise(
  memory: MemoryLayout,
  logits: Float32Array,
  normalizers: RowNormalizers,
  indices: ArrayLike<number>,
  layout: RowLayout,
  noise: ResolvedNoise,
  temperature: number,
): Steps<Float32Array<ArrayBuffer>> {
  const { samples, categories } = layout;
  const values = yield* drawNoise(memory, noise);
  const rows = samples * rowCountOf(layout);
  const scalars = new Float32Array(SCALARS * rows);
  const atIndices = new Float32Array(rows);
  writeScalars(scalars, atIndices, values, logits, normalizers, indices, layout, temperature);
  // The second buffer holds the noise, and behind it the scalars.
  const limit = Math.floor((memory.limit * categories) / (categories + SCALARS));
  yield* eachBatch({ ...memory, limit }, logits, layout, undefined, 1, (batch) => ({
    first: batch,
    second: {
      length: batch.length + SCALARS * batch.rows,
      load(target) {
        inputOf(batch, values, layout).load(target.subarray(0, batch.length));
        target.set(scalars.subarray(SCALARS * batch.row, SCALARS * (batch.row + batch.rows)), batch.length);
      },
    },
    calls: [
      [
        "conditionRows",
        memory.second,
        memory.first,
        batch.rows,
        batch.length / batch.rows,
        memory.second + 4 * batch.length,
        temperature,
      ],
    ],
    from: "second",
    length: batch.length,
    take: (results) => batch.store(values, results),
  }));
  writeIndices(values, atIndices, indices, layout);
  return values;
}

// Loops over rows stand in functions of their own: V8 runs those of a generator at a fraction of the speed.

/** Writes for each row what the engine needs of it, and the noise of its index. Both are NaN where the row is to be. */
function writeScalars(
  scalars: Float32Array,
  atIndices: Float32Array,
  values: Float32Array,
  logits: Float32Array,
  { max, logSum }: RowNormalizers,
  indices: ArrayLike<number>,
  layout: RowLayout,
  temperature: number,
): void {
  const { samples, inner } = layout;
  let row = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let ofLogits = 0; ofLogits < max.length; ofLogits++, row++) {
      const at = rowStartOf(layout, ofLogits) + indices[row] * inner;
      // NaN in a degenerate row, −∞ under a mask.
      const s = indices[row] < 0 ? Number.NaN : (logits[at] - max[ofLogits]) / temperature;
      const g = values[sample * logits.length + at];
      const z = s > Number.NEGATIVE_INFINITY ? g + logSum[ofLogits] : Number.NaN;
      atIndices[row] = Math.min(FLT_MAX, z - s * (1 + CONDITIONAL_PUSH));
      scalars[SCALARS * row] = max[ofLogits];
      scalars[SCALARS * row + 1] = logSum[ofLogits];
      scalars[SCALARS * row + 2] = g;
      scalars[SCALARS * row + 3] = z - CONDITIONAL_MARGIN * Math.max(1, Math.abs(z));
    }
  }
}

/** Writes the noise of each row's index. */
function writeIndices(
  values: Float32Array,
  atIndices: Float32Array,
  indices: ArrayLike<number>,
  layout: RowLayout,
): void {
  for (let row = 0; row < atIndices.length; row++) {
    if (indices[row] >= 0) values[rowStartOf(layout, row) + indices[row] * layout.inner] = atIndices[row];
  }
}
