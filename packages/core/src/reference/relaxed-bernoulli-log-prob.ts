// relaxedBernoulliLogProb in float64.
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import type { ResolvedElements } from "../operations/relaxed-bernoulli.ts";
import {
  type RelaxedBernoulliLogProbOptions,
  relaxedBernoulliLogProbOperation,
} from "../operations/relaxed-bernoulli-log-prob.ts";
import { evaluate } from "./evaluate.ts";

export default function kernel(
  { temperature, outputShape }: ResolvedElements,
  { logits, sampleLogits }: { readonly logits: NdArray; readonly sampleLogits: NdArray },
): { logProbs: NdArray<Float64Array> } {
  const data = Float64Array.from(sampleLogits.data as ArrayLike<number>, (sample, i) => {
    const d = Math.abs(logits.data[i % logits.data.length] - temperature * sample);
    if (d === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    return Math.max(-FLT_MAX, Math.log(temperature) - d - 2 * Math.log1p(Math.exp(-d)));
  });
  return { logProbs: { data, shape: [...outputShape] } };
}

/**
 * Log-density of the relaxed Bernoulli distribution at the logits of samples, element by element.
 *
 * @param logits log-odds
 * @param sampleLogits what `relaxedBernoulli` with `logit` gives, of shape `[...sampleShape, ...logits.shape]`
 * @returns log-densities of the samples' shape
 * @throws RangeError or TypeError for a bad temperature or sampleShape, and for sampleLogits of another shape
 * @example relaxedBernoulliLogProb(logits, relaxedBernoulli(logits, { key: key(42), logit: true }))
 */
export function relaxedBernoulliLogProb(
  logits: NdArray,
  sampleLogits: NdArray,
  options?: RelaxedBernoulliLogProbOptions,
): NdArray<Float64Array> {
  return evaluate(relaxedBernoulliLogProbOperation, kernel, [logits, sampleLogits, options]).logProbs;
}
