// klDivergence in float64.
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import { type KlDivergenceOptions, klDivergenceOperation } from "../operations/kl-divergence.ts";
import type { ResolvedLogits } from "../resolve.ts";
import { evaluate } from "./evaluate.ts";
import { logSoftmaxOfRow, perturb, rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedLogits,
  { logits, otherLogits }: { readonly logits: NdArray; readonly otherLogits: NdArray },
): { divergences: NdArray<Float64Array> } {
  const others = rowsOf(otherLogits, call);
  const divergences = Array.from(rowsOf(logits, call), (row) => {
    const other = others.next().value!;
    if (row.isDegenerate || other.isDegenerate) return Number.NaN;
    return divergence(logSoftmaxOfRow(perturb(row, 1), 1), logSoftmaxOfRow(perturb(other, 1), 1));
  });
  return { divergences: { data: Float64Array.from(divergences), shape: [...call.outputShape] } };
}

/** `Σ p·(ln p − ln q)`, of logarithms. */
function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < p.length; j++) {
    // What p masks adds 0·(…) = 0. What q masks and p does not is infinite, also where exp(ln p) underflows.
    if (p[j] === Number.NEGATIVE_INFINITY) continue;
    if (q[j] === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    sum += Math.exp(p[j]) * (p[j] - q[j]);
  }
  // It is never negative but for rounding.
  return Math.min(FLT_MAX, Math.max(0, sum));
}

/**
 * Kullback–Leibler divergence `Σ p·ln(p/q)` of each row in nats, of `p = softmax(logits)` from `q = softmax(otherLogits)`.
 *
 * @param logits unnormalised log-probabilities of p; what p masks (−∞) adds nothing
 * @param otherLogits those of q, of the same shape
 * @returns divergences of the logits' shape without the axis: at least 0, +∞ where q masks a category that p does not, NaN in a
 * degenerate row
 * @throws RangeError or TypeError for a bad axis, for otherLogits of another shape, and where there is no category
 * @example klDivergence(posteriorLogits, priorLogits)
 */
export function klDivergence(
  logits: NdArray,
  otherLogits: NdArray,
  options?: KlDivergenceOptions,
): NdArray<Float64Array> {
  return evaluate(klDivergenceOperation, kernel, [logits, otherLogits, options]).divergences;
}
