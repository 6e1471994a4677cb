// gumbelSoftmax: relaxed or straight-through one-hot samples.
import {
  type EstimatorOptions,
  lackOfEstimator,
  type ResolvedEstimator,
  resolveEstimator,
} from "../estimators.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { NoiseOptions, SampleOptions, SoftOptions } from "../options.ts";
import {
  type ResolvedNoise,
  resolveHard,
  resolveLog,
  resolveNoise,
  resolveRows,
  sampledShapeOf,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";
import type { ResolvedSoftmax } from "./softmax.ts";

/** Options of `gumbelSoftmax`. */
export interface GumbelSoftmaxOptions extends SoftOptions, SampleOptions, NoiseOptions, EstimatorOptions {}

/** The method `gumbelSoftmax` of a sampler. */
export interface GumbelSoftmaxMethod<T, M extends Mode, R extends Results> {
  /**
   * A sample of the Gumbel-softmax (concrete) distribution, `softmax((logits + g)/temperature)` along the axis; with
   * `hard`, the exact one-hot of `argmax(logits + g)`; with `log`, the logarithm of the soft sample. Jang et al. 2017,
   * Maddison et al. 2017. The estimator decides the gradient of a hard sample (`gumbelSoftmaxVjp`), never the sample.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @returns samples of shape `[...sampleShape, ...logits.shape]`; NaN in a degenerate row
   * @throws RangeError or TypeError for a bad option, for an estimator without `hard`, and for `log` with it
   * @example sampler.gumbelSoftmax(logits, { key: key(42), temperature: 0.5, hard: true })
   */
  gumbelSoftmax(logits: T, options?: GumbelSoftmaxOptions): Answer<R["float"], M>;
}

/** A checked call of `gumbelSoftmax`. */
export interface ResolvedGumbelSoftmax extends ResolvedSoftmax {
  /** Noise of the samples' shape. */
  readonly noise: ResolvedNoise;
  /** The estimator of the gradient; undefined: that of the soft sample at the call's own temperature. */
  readonly estimator: ResolvedEstimator | undefined;
}

interface GumbelSoftmaxTypes extends OperationTypes {
  name: "gumbelSoftmax";
  parameters: object;
  inputs: "logits";
  outputs: "y";
  options: GumbelSoftmaxOptions;
  call: ResolvedGumbelSoftmax;
}

export const gumbelSoftmaxOperation: Operation<GumbelSoftmaxTypes> = {
  name: "gumbelSoftmax",
  inputs: { logits: { dtype: "float32", shape: shapeOfLogits } },
  parameters: [],
  options: {
    axis: true,
    temperature: true,
    hard: true,
    log: true,
    sampleShape: true,
    key: true,
    precision: true,
    offset: true,
    rowStride: true,
    estimator: true,
    backwardTemperature: true,
    draws: true,
    gap: true,
  },
  outputs: { y: { dtype: "float32", shape: shapeOfOutput } },
  lackOf: lackOfEstimator,
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    const hard = resolveHard(options);
    const log = resolveLog(options, hard);
    const outputShape = sampledShapeOf(rows);
    // Before the noise, whose key a refused call must not draw.
    const estimatorOf = resolveEstimator(rows, options, hard);
    const noise = resolveNoise(outputShape, options);
    return Object.assign(rows, { outputShape, hard, log, noise, estimator: estimatorOf?.(noise.key) });
  },
};
