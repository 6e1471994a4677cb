// relaxedBernoulliLogProb: density of the relaxed Bernoulli distribution at the logit of a sample.
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { SampleOptions, TemperatureOptions } from "../options.ts";
import { type ResolvedElements, resolveElements } from "./relaxed-bernoulli.ts";

/** Options of `relaxedBernoulliLogProb`: those of the call of `relaxedBernoulli` that its samples come from. */
export interface RelaxedBernoulliLogProbOptions extends TemperatureOptions, SampleOptions {}

/** The method `relaxedBernoulliLogProb` of a sampler. */
export interface RelaxedBernoulliLogProbMethod<T, M extends Mode, R extends Results> {
  /**
   * Log-density of the relaxed Bernoulli distribution at the logit of a sample, element by element: the logistic density
   * `ln τ − |d| − 2·ln(1 + e^−|d|)` with `d = logits − τ·sampleLogits`, `LogitRelaxedBernoulli` of PyTorch. For the density
   * at the sample `y` itself subtract `ln y + ln(1 − y)`.
   *
   * @param logits log-odds
   * @param sampleLogits what `relaxedBernoulli` with `logit` gives, of shape `[...sampleShape, ...logits.shape]`
   * @returns log-densities of the samples' shape: −∞ where d is infinite, NaN where it is NaN
   * @throws RangeError or TypeError for a bad temperature or sampleShape, and for sampleLogits of another shape
   * @example sampler.relaxedBernoulliLogProb(logits, sampler.relaxedBernoulli(logits, { logit: true }))
   */
  relaxedBernoulliLogProb(
    logits: T,
    sampleLogits: T,
    options?: RelaxedBernoulliLogProbOptions,
  ): Answer<R["float"], M>;
}

interface RelaxedBernoulliLogProbTypes extends OperationTypes {
  name: "relaxedBernoulliLogProb";
  parameters: object;
  inputs: "logits" | "sampleLogits";
  outputs: "logProbs";
  options: RelaxedBernoulliLogProbOptions;
  call: ResolvedElements;
}

export const relaxedBernoulliLogProbOperation: Operation<RelaxedBernoulliLogProbTypes> = {
  name: "relaxedBernoulliLogProb",
  inputs: {
    logits: { dtype: "float32", shape: ({ shape }) => shape },
    sampleLogits: { dtype: "float32", shape: ({ outputShape }) => outputShape },
  },
  parameters: [],
  options: { temperature: true, sampleShape: true },
  outputs: { logProbs: { dtype: "float32", shape: ({ outputShape }) => outputShape } },
  resolve: ({ shape }, options) => resolveElements(shape, options),
};
