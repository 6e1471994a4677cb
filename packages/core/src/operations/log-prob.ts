// logProb: log-probabilities of categories.
import { assertIndices } from "../arguments.ts";
import { lackOf, type ResolvedDecoding, resolveDecoding } from "../filters.ts";
import { shapeWithoutAxis } from "../layout.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { FilterOptions, LogitsOptions, RowTemperatureOptions } from "../options.ts";
import {
  assertCategory,
  type ResolvedLogits,
  resolveRows,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";

/** Options of `logProb`. */
export interface LogProbOptions extends LogitsOptions, RowTemperatureOptions, FilterOptions {}

/** The method `logProb` of a sampler. */
export interface LogProbMethod<T, M extends Mode, R extends Results> {
  /**
   * Log-probability of one category of each row: the logarithm of `softmax(logits/temperature)` at the index. With
   * filters it is that of the distribution which `categorical` draws from with the same ones.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @param indices int32 categories in [0, n), or −1 for none, of the logits' shape without the axis: what `categorical` gives
   * @returns log-probabilities of the indices' shape: −∞ for a masked or filtered category, NaN for a degenerate row or index −1
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
  /** Filters, and what differs from row to row; undefined where there is neither. */
  readonly decoding: ResolvedDecoding | undefined;
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
    indices: { dtype: "int32", shape: shapeOfOutput, assertValues: assertIndices },
  },
  parameters: [],
  options: {
    axis: true,
    temperature: true,
    mask: true,
    topNSigma: true,
    topK: true,
    topP: true,
    minP: true,
    typicalP: true,
    epsilonCutoff: true,
    etaCutoff: true,
    order: true,
  },
  outputs: { logProbs: { dtype: "float32", shape: shapeOfOutput } },
  lackOf,
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options, false, true);
    assertCategory(rows);
    const decoding = resolveDecoding(rows, options, false);
    return Object.assign(rows, { outputShape: shapeWithoutAxis(shape, rows.axis), decoding });
  },
};
