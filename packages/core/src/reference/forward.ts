// The forward pass that softmax and gumbelSoftmax share.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { ResolvedSoftmax } from "../operations/softmax.ts";
import type { ResolvedNoise } from "../resolve.ts";
import { argmax, perturb, rowsOf, softmaxOfRow } from "./rows.ts";

/** `softmax((logits + noise)/temperature)` of each row, or the one-hot of its argmax. */
export function forward(
  logits: NdArray,
  call: ResolvedSoftmax,
  noise?: ResolvedNoise,
): NdArray<Float64Array> {
  const data = new Float64Array(sizeOf(call.outputShape));
  for (const row of rowsOf(logits, call, noise)) {
    const z = perturb(row, 1);
    const hot = argmax(z);
    const y = call.hard ? z.map((_, j) => (j === hot ? 1 : 0)) : softmaxOfRow(z, call.temperature);
    for (let j = 0; j < z.length; j++)
      data[row.start + j * row.stride] = row.isDegenerate ? Number.NaN : y[j];
  }
  return { data, shape: [...call.outputShape] };
}
