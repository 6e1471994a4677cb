// The forward pass that softmax and gumbelSoftmax share.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { ResolvedSoftmax } from "../operations/softmax.ts";
import type { ResolvedNoise } from "../resolve.ts";
import { argmax, logSoftmaxOfRow, perturb, rowsOf, softmaxOfRow } from "./rows.ts";

/** `softmax((logits + noise)/temperature)` of each row, its logarithm, or the one-hot of its argmax. */
export function forward(
  logits: NdArray,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): NdArray<Float64Array> {
  const data = new Float64Array(sizeOf(call.outputShape));
  for (const row of rowsOf(logits, call, noise)) {
    const y = resultOfRow(perturb(row, 1), call);
    for (let j = 0; j < y.length; j++)
      data[row.start + j * row.stride] = row.isDegenerate ? Number.NaN : y[j];
  }
  return { data, shape: [...call.outputShape] };
}

function resultOfRow(z: Float64Array, { hard, log, temperature }: ResolvedSoftmax): Float64Array {
  if (log) return logSoftmaxOfRow(z, temperature);
  const hot = argmax(z);
  return hard ? z.map((_, j) => (j === hot ? 1 : 0)) : softmaxOfRow(z, temperature);
}
