// relaxedLogProb in float64: Maddison et al. 2017, equation 22.
import { logGamma } from "../log-gamma.ts";
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import {
  type RelaxedLogProbOptions,
  type ResolvedRelaxedLogProb,
  relaxedLogProbOperation,
} from "../operations/relaxed-log-prob.ts";
import { evaluate } from "./evaluate.ts";
import { logSoftmaxOfRow, rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedRelaxedLogProb,
  { logits, logSample }: { readonly logits: NdArray; readonly logSample: NdArray },
): { logProbs: NdArray<Float64Array> } {
  const logProbs = Array.from(rowsOf(logits, call), (row) => {
    const x = row.logits.map((_, j) => logSample.data[row.start + j * row.stride]);
    return row.isDegenerate ? Number.NaN : densityOf(row.logits, x, call.temperature);
  });
  return { logProbs: { data: Float64Array.from(logProbs), shape: [...call.outputShape] } };
}

function densityOf(logits: Float64Array, x: Float64Array, temperature: number): number {
  const isMasked = (j: number) => logits[j] === Number.NEGATIVE_INFINITY;
  // Mass where there must be none, and none where there must be some.
  const isOutside = (value: number, j: number) =>
    isMasked(j) ? value !== Number.NEGATIVE_INFINITY : Math.abs(value) === Number.POSITIVE_INFINITY;
  if (x.some(isOutside)) return Number.NEGATIVE_INFINITY;
  const scores = x.filter((_, j) => !isMasked(j));
  logits
    .filter((_, j) => !isMasked(j))
    .forEach((logit, i) => {
      scores[i] = logit - temperature * scores[i];
    });
  const n = scores.length;
  const sum = logSoftmaxOfRow(scores, 1).reduce((total, log) => total + log, 0);
  return Math.max(-FLT_MAX, logGamma(n) + (n - 1) * Math.log(temperature) + sum);
}

/**
 * Log-density of the Gumbel-softmax distribution at a log-sample, in log-simplex space (ExpConcrete).
 *
 * @param logits unnormalised log-probabilities; a masked category (−∞) takes no part
 * @param logSample what `gumbelSoftmax` with `log` gives, of shape `[...sampleShape, ...logits.shape]`
 * @returns log-densities of shape `[...sampleShape, ...batch]`, batch being the logits' shape without the axis; NaN in a degenerate row
 * @throws RangeError or TypeError for a bad option, for a logSample of another shape, and where there is no category
 * @example relaxedLogProb(logits, gumbelSoftmax(logits, { key: key(42), log: true }))
 */
export function relaxedLogProb(
  logits: NdArray,
  logSample: NdArray,
  options?: RelaxedLogProbOptions,
): NdArray<Float64Array> {
  return evaluate(relaxedLogProbOperation, kernel, [logits, logSample, options]).logProbs;
}
