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

/** Log-density of the relaxed Bernoulli distribution at the logits of samples. */
export function relaxedBernoulliLogProb(
  logits: NdArray,
  sampleLogits: NdArray,
  options?: RelaxedBernoulliLogProbOptions,
): NdArray<Float64Array> {
  return evaluate(relaxedBernoulliLogProbOperation, kernel, [logits, sampleLogits, options]).logProbs;
}
