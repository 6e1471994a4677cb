// entropy in float64.
import type { NdArray } from "../nd-array.ts";
import { type EntropyOptions, entropyOperation, type ResolvedEntropy } from "../operations/entropy.ts";
import { evaluate } from "./evaluate.ts";
import { logSoftmaxOfRow, perturb, rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedEntropy,
  { logits }: { readonly logits: NdArray },
): { entropies: NdArray<Float64Array> } {
  const entropies = Array.from(rowsOf(logits, call), (row) => {
    const logs = logSoftmaxOfRow(perturb(row, 1), call.temperature);
    // A mask is 0·(−∞) = 0.
    const ofCategory = (log: number) => (log === Number.NEGATIVE_INFINITY ? 0 : -Math.exp(log) * log);
    return row.isDegenerate ? Number.NaN : logs.reduce((sum, log) => sum + ofCategory(log), 0);
  });
  return { entropies: { data: Float64Array.from(entropies), shape: [...call.outputShape] } };
}

/**
 * Entropy of each row's distribution in nats, `−Σ p·ln p` with `p = softmax(logits/temperature)`.
 *
 * @param logits unnormalised log-probabilities; a masked category (−∞) adds nothing
 * @returns entropies of the logits' shape without the axis, in [0, ln n]; NaN in a degenerate row
 * @throws RangeError or TypeError for a bad axis or temperature, and where there is no category
 * @example entropy({ data: [0, 0], shape: [2] }).data[0] // ln 2
 */
export function entropy(logits: NdArray, options?: EntropyOptions): NdArray<Float64Array> {
  return evaluate(entropyOperation, kernel, [logits, options]).entropies;
}
