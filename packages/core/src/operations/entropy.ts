// entropy: of the categorical distribution of each row.
import { shapeWithoutAxis } from "../layout.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { LogitsOptions, TemperatureOptions } from "../options.ts";
import {
  assertCategory,
  type ResolvedLogits,
  resolveRows,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";

/** Options of `entropy`. */
export interface EntropyOptions extends LogitsOptions, TemperatureOptions {}

/** The method `entropy` of a sampler. */
export interface EntropyMethod<T, M extends Mode, R extends Results> {
  /**
   * Entropy of each row's distribution `p = softmax(logits/temperature)` in nats: `−Σ p·ln p`.
   *
   * @param logits unnormalised log-probabilities; a masked category (−∞) adds nothing
   * @returns entropies of the logits' shape without the axis, in [0, ln n]; NaN in a degenerate row
   * @throws RangeError or TypeError for a bad axis or temperature, and where there is no category
   * @example sampler.entropy(logits, { temperature: 0.5 })
   */
  entropy(logits: T, options?: EntropyOptions): Answer<R["float"], M>;
}

/** A checked call of `entropy`. */
export interface ResolvedEntropy extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly temperature: number;
}

interface EntropyTypes extends OperationTypes {
  name: "entropy";
  parameters: object;
  inputs: "logits";
  outputs: "entropies";
  options: EntropyOptions;
  call: ResolvedEntropy;
}

export const entropyOperation: Operation<EntropyTypes> = {
  name: "entropy",
  inputs: { logits: { dtype: "float32", shape: shapeOfLogits } },
  parameters: [],
  options: { axis: true, temperature: true },
  outputs: { entropies: { dtype: "float32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    assertCategory(rows);
    return Object.assign(rows, { outputShape: shapeWithoutAxis(shape, rows.axis) });
  },
};
