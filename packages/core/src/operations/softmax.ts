// softmax: probabilities of logits at a temperature, without noise.
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { SoftOptions } from "../options.ts";
import {
  type ResolvedLogits,
  resolveHard,
  resolveLog,
  resolveRows,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";

/** Options of `softmax`. */
export interface SoftmaxOptions extends SoftOptions {}

/** The method `softmax` of a sampler. */
export interface SoftmaxMethod<T, M extends Mode, R extends Results> {
  /**
   * `softmax(logits/temperature)` along the axis, without noise; with `hard` the one-hot of the maximum, which is not a
   * sample; with `log` its logarithm, the log-softmax.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @returns probabilities of the logits' shape; NaN in a degenerate row
   * @throws RangeError or TypeError for a bad axis, temperature, hard or log
   * @example sampler.softmax(logits, { temperature: 0.5 })
   */
  softmax(logits: T, options?: SoftmaxOptions): Answer<R["float"], M>;
}

/** A checked call of `softmax`. */
export interface ResolvedSoftmax extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly temperature: number;
  /** Whether the result is the exact one-hot. */
  readonly hard: boolean;
  /** Whether the result is the logarithm. */
  readonly log: boolean;
}

interface SoftmaxTypes extends OperationTypes {
  name: "softmax";
  parameters: object;
  inputs: "logits";
  outputs: "y";
  options: SoftmaxOptions;
  call: ResolvedSoftmax;
}

export const softmaxOperation: Operation<SoftmaxTypes> = {
  name: "softmax",
  inputs: { logits: { dtype: "float32", shape: shapeOfLogits } },
  parameters: [],
  options: { axis: true, temperature: true, hard: true, log: true },
  outputs: { y: { dtype: "float32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    const hard = resolveHard(options);
    return Object.assign(rows, { outputShape: rows.shape, hard, log: resolveLog(options, hard) });
  },
};
