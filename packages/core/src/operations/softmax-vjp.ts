// softmaxVjp: the gradient of softmax.
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import { shapeOfLogits, shapeOfOutput } from "../resolve.ts";
import { type ResolvedSoftmax, type SoftmaxOptions, softmaxOperation } from "./softmax.ts";

/** The method `softmaxVjp` of a sampler. */
export interface SoftmaxVjpMethod<T, M extends Mode, R extends Results> {
  /**
   * Vector-Jacobian product of `softmax` at the same options, `y∘(c − Σ c∘y)/temperature`, with `log`
   * `(c − y·Σ c)/temperature`; `hard` changes nothing.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @param cotangent gradient with respect to the result, of its shape
   * @returns gradient of the logits' shape: 0 under a mask, NaN in a degenerate row
   * @throws RangeError or TypeError for a bad cotangent, axis, temperature, hard or log
   * @example sampler.softmaxVjp(logits, cotangent, { temperature: 0.5 })
   */
  softmaxVjp(logits: T, cotangent: T, options?: SoftmaxOptions): Answer<R["float"], M>;
}

interface SoftmaxVjpTypes extends OperationTypes {
  name: "softmaxVjp";
  parameters: object;
  inputs: "logits" | "cotangent";
  outputs: "gradient";
  options: SoftmaxOptions;
  call: ResolvedSoftmax;
}

export const softmaxVjpOperation: Operation<SoftmaxVjpTypes> = {
  name: "softmaxVjp",
  inputs: {
    logits: { dtype: "float32", shape: shapeOfLogits },
    cotangent: { dtype: "float32", shape: shapeOfOutput },
  },
  parameters: [],
  options: { axis: true, temperature: true, hard: true, log: true },
  outputs: { gradient: { dtype: "float32", shape: shapeOfLogits } },
  resolve: (given, options) => softmaxOperation.resolve(given, options),
};
