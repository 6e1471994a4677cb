// logProb in float64.
import { assertIndices } from "../arguments.ts";
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import { type LogProbOptions, logProbOperation, type ResolvedLogProb } from "../operations/log-prob.ts";
import { evaluate } from "./evaluate.ts";
import { argmax, perturbKept, rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedLogProb,
  { logits, indices }: { readonly logits: NdArray; readonly indices: NdArray },
): { logProbs: NdArray<Float64Array> } {
  assertIndices(indices.data, call);
  const data = new Float64Array(indices.data.length);
  for (const row of rowsOf(logits, call, undefined, call.decoding)) {
    const z = perturbKept(row, call.temperature, call.decoding);
    // Of what is kept: typicalP may leave out the row's largest.
    const largest = z[argmax(z)];
    const sum = z.reduce((total, value) => total + Math.exp(value - largest), 0);
    // NaN for index −1, which the row does not have.
    const value = row.isDegenerate ? Number.NaN : z[indices.data[row.index]] - largest - Math.log(sum);
    data[row.index] = value === Number.NEGATIVE_INFINITY ? value : Math.max(-FLT_MAX, value);
  }
  return { logProbs: { data, shape: [...call.outputShape] } };
}

/**
 * Log-probability of one category of each row, `ln softmax(logits/temperature)` at the index; with filters, among what they keep.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @param indices categories in [0, n), or −1 for none, of the logits' shape without the axis: what `categorical` gives
 * @returns log-probabilities of the indices' shape: −∞ for a masked or filtered category, NaN for a degenerate row or index −1
 * @throws RangeError or TypeError for a bad option, and for indices of another shape or out of range
 * @example logProb(logits, categorical(logits, { key: key(42) }))
 */
export function logProb(logits: NdArray, indices: NdArray, options?: LogProbOptions): NdArray<Float64Array> {
  return evaluate(logProbOperation, kernel, [logits, indices, options]).logProbs;
}
