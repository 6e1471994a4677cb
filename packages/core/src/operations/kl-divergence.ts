// klDivergence: of one categorical distribution from another, row by row.
import { shapeWithoutAxis } from "../layout.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { LogitsOptions } from "../options.ts";
import {
  assertCategory,
  type ResolvedLogits,
  resolveRows,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";

/** Options of `klDivergence`. */
export interface KlDivergenceOptions extends LogitsOptions {}

/** The method `klDivergence` of a sampler. */
export interface KlDivergenceMethod<T, M extends Mode, R extends Results> {
  /**
   * Kullback–Leibler divergence `KL(p‖q) = Σ p·ln(p/q)` in nats of each row, of `p = softmax(logits)` from
   * `q = softmax(otherLogits)`: `kl_divergence(p, q)` of torch.distributions and TFP.
   *
   * @param logits unnormalised log-probabilities of p; what p masks (−∞) adds nothing, whatever q holds there
   * @param otherLogits those of q, of the same shape
   * @returns divergences of the logits' shape without the axis: at least 0, +∞ where q masks a category that p does not,
   * NaN where p's or q's row is degenerate
   * @throws RangeError or TypeError for a bad axis, for otherLogits of another shape, and where there is no category
   * @example sampler.klDivergence(posteriorLogits, priorLogits)
   */
  klDivergence(logits: T, otherLogits: T, options?: KlDivergenceOptions): Answer<R["float"], M>;
}

interface KlDivergenceTypes extends OperationTypes {
  name: "klDivergence";
  parameters: object;
  inputs: "logits" | "otherLogits";
  outputs: "divergences";
  options: KlDivergenceOptions;
  call: ResolvedLogits;
}

export const klDivergenceOperation: Operation<KlDivergenceTypes> = {
  name: "klDivergence",
  inputs: {
    logits: { dtype: "float32", shape: shapeOfLogits },
    otherLogits: { dtype: "float32", shape: shapeOfLogits },
  },
  parameters: [],
  options: { axis: true },
  outputs: { divergences: { dtype: "float32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    assertCategory(rows);
    return Object.assign(rows, { outputShape: shapeWithoutAxis(shape, rows.axis) });
  },
};
