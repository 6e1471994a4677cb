// The distribution that filters leave of each row, in float64: what the gradient of logProb with filters is made of.
import type { ResolvedDecoding } from "../filters.ts";
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { ResolvedLogits } from "../resolve.ts";
import { perturbKept, rowsOf, softmaxOfRow } from "./rows.ts";

/** The softmax over what is kept, 0 for what is left out, of the logits' shape; NaN throughout a degenerate row. */
export function softmaxOfKept(
  logits: NdArray,
  call: ResolvedLogits,
  decoding: ResolvedDecoding,
): NdArray<Float64Array> {
  const data = new Float64Array(sizeOf(logits.shape));
  for (const row of rowsOf(logits, call, undefined, decoding)) {
    const y = row.isDegenerate ? undefined : softmaxOfRow(perturbKept(row, 1, decoding), 1);
    row.logits.forEach((_, j) => {
      data[row.start + j * row.stride] = y === undefined ? Number.NaN : y[j];
    });
  }
  return { data, shape: [...logits.shape] };
}
