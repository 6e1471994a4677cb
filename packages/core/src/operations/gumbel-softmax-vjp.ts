// gumbelSoftmaxVjp: the gradient of gumbelSoftmax at the key of its sample.
import { lackOfEstimator } from "../estimators.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import { assertKey, type Key } from "../random/key.ts";
import { shapeOfLogits, shapeOfOutput } from "../resolve.ts";
import {
  type GumbelSoftmaxOptions,
  gumbelSoftmaxOperation,
  type ResolvedGumbelSoftmax,
} from "./gumbel-softmax.ts";

/** Options of `gumbelSoftmaxVjp`: those of the call that it differentiates, whose key must be named. */
export interface GumbelSoftmaxVjpOptions extends GumbelSoftmaxOptions {
  /** The key of the sample. */
  key: Key;
}

/** The method `gumbelSoftmaxVjp` of a sampler. */
export interface GumbelSoftmaxVjpMethod<T, M extends Mode, R extends Results> {
  /**
   * Vector-Jacobian product of `gumbelSoftmax` at the same options: `y∘(c − Σ c∘y)/temperature` of the soft sample `y`,
   * with `log` `(c − y·Σ c)/temperature`, summed over the sample shape. `hard` changes nothing: that is the straight-through
   * estimator (Bengio et al. 2013). With `hard` another `estimator` gives its own product.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @param cotangent gradient with respect to the samples, of their shape `[...sampleShape, ...logits.shape]`
   * @returns gradient of the logits' shape: 0 under a mask, NaN in a degenerate row
   * @throws RangeError or TypeError for a bad cotangent or option, and where the key is left out
   * @example sampler.gumbelSoftmaxVjp(logits, cotangent, { key: key(42), temperature: 0.5 })
   */
  gumbelSoftmaxVjp(logits: T, cotangent: T, options: GumbelSoftmaxVjpOptions): Answer<R["float"], M>;
}

interface GumbelSoftmaxVjpTypes extends OperationTypes {
  name: "gumbelSoftmaxVjp";
  parameters: object;
  inputs: "logits" | "cotangent";
  outputs: "gradient";
  options: GumbelSoftmaxVjpOptions;
  call: ResolvedGumbelSoftmax;
}

export const gumbelSoftmaxVjpOperation: Operation<GumbelSoftmaxVjpTypes> = {
  name: "gumbelSoftmaxVjp",
  inputs: {
    logits: { dtype: "float32", shape: shapeOfLogits },
    cotangent: { dtype: "float32", shape: shapeOfOutput },
  },
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
  outputs: { gradient: { dtype: "float32", shape: shapeOfLogits } },
  lackOf: lackOfEstimator,
  resolve(given, options) {
    assertKey(options.key);
    return gumbelSoftmaxOperation.resolve(given, options);
  },
};
