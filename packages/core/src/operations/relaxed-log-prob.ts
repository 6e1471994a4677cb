// relaxedLogProb: density of the Gumbel-softmax distribution at a log-sample.
import { shapeWithoutAxis } from "../layout.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { LogitsOptions, SampleOptions, TemperatureOptions } from "../options.ts";
import {
  assertCategory,
  type ResolvedLogits,
  resolveRows,
  sampledShapeOf,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";

/** Options of `relaxedLogProb`: those of the call of `gumbelSoftmax` that its log-samples come from. */
export interface RelaxedLogProbOptions extends LogitsOptions, TemperatureOptions, SampleOptions {}

/** The method `relaxedLogProb` of a sampler. */
export interface RelaxedLogProbMethod<T, M extends Mode, R extends Results> {
  /**
   * Log-density of the Gumbel-softmax (concrete) distribution at a log-sample, in log-simplex space: the ExpConcrete of
   * Maddison et al. 2017, `ExpRelaxedOneHotCategorical` of TFP. Of n categories
   * `ln Γ(n) + (n−1)·ln τ + Σ ln softmax(logits − τ·logSample)`. For the density at the sample `y = exp(logSample)` itself
   * subtract `Σ logSample`.
   *
   * @param logits unnormalised log-probabilities; a masked category (−∞) takes no part, and n does not count it
   * @param logSample what `gumbelSoftmax` with `log` gives, of shape `[...sampleShape, ...logits.shape]`
   * @returns log-densities of shape `[...sampleShape, ...batch]`: −∞ where a category has no mass that must have some, or
   * a masked one has some, and NaN in a degenerate row
   * @throws RangeError or TypeError for a bad axis, temperature or sampleShape, for a logSample of another shape, and
   * where there is no category
   * @example sampler.relaxedLogProb(logits, sampler.gumbelSoftmax(logits, { log: true, temperature }), { temperature })
   */
  relaxedLogProb(logits: T, logSample: T, options?: RelaxedLogProbOptions): Answer<R["float"], M>;
}

/** A checked call of `relaxedLogProb`. */
export interface ResolvedRelaxedLogProb extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly temperature: number;
}

interface RelaxedLogProbTypes extends OperationTypes {
  name: "relaxedLogProb";
  parameters: object;
  inputs: "logits" | "logSample";
  outputs: "logProbs";
  options: RelaxedLogProbOptions;
  call: ResolvedRelaxedLogProb;
}

export const relaxedLogProbOperation: Operation<RelaxedLogProbTypes> = {
  name: "relaxedLogProb",
  inputs: {
    logits: { dtype: "float32", shape: shapeOfLogits },
    logSample: { dtype: "float32", shape: sampledShapeOf },
  },
  parameters: [],
  options: { axis: true, temperature: true, sampleShape: true },
  outputs: { logProbs: { dtype: "float32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    assertCategory(rows);
    return Object.assign(rows, { outputShape: [...rows.sampleShape, ...shapeWithoutAxis(shape, rows.axis)] });
  },
};
