// logProb: log-probabilities of categories.
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

/** Options of `logProb`. */
export interface LogProbOptions extends LogitsOptions, TemperatureOptions {}

/** The method `logProb` of a sampler. */
export interface LogProbMethod<T, M extends Mode, R extends Results> {
  /**
   * Log-probability of one category of each row: the logarithm of `softmax(logits/temperature)` at the index.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @param indices int32 categories in [0, n), or −1 for none, of the logits' shape without the axis: what `categorical` gives
   * @returns log-probabilities of the indices' shape: −∞ for a masked category, NaN for a degenerate row or index −1
   * @throws RangeError or TypeError for a bad axis or temperature, for indices of another shape, and for an index out of range
   * where indices are on the CPU; on a GPU its result is NaN
   * @example sampler.logProb(logits, sampler.categorical(logits, { key: key(42) }))
   */
  logProb(logits: T, indices: T, options?: LogProbOptions): Answer<R["float"], M>;
}

/** A checked call of `logProb`. */
export interface ResolvedLogProb extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly temperature: number;
}

interface LogProbTypes extends OperationTypes {
  name: "logProb";
  parameters: object;
  inputs: "logits" | "indices";
  outputs: "logProbs";
  options: LogProbOptions;
  call: ResolvedLogProb;
}

export const logProbOperation: Operation<LogProbTypes> = {
  name: "logProb",
  inputs: {
    logits: { dtype: "float32", shape: shapeOfLogits },
    indices: { dtype: "int32", shape: shapeOfOutput },
  },
  parameters: [],
  options: { axis: true, temperature: true },
  outputs: { logProbs: { dtype: "float32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    assertCategory(rows);
    return Object.assign(rows, { outputShape: shapeWithoutAxis(shape, rows.axis) });
  },
};
