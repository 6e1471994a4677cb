// categorical: exact samples by the Gumbel-max theorem.
import { lackOf, type ResolvedDecoding, resolveDecoding } from "../filters.ts";
import { shapeWithoutAxis } from "../layout.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type {
  FilterOptions,
  LogitsOptions,
  RowNoiseOptions,
  RowTemperatureOptions,
  SampleOptions,
} from "../options.ts";
import {
  assertCategory,
  type ResolvedLogits,
  type ResolvedNoise,
  resolveNoise,
  resolveRows,
  sampledShapeOf,
  shapeOfLogits,
  shapeOfOutput,
} from "../resolve.ts";

/** Options of `categorical`. JAX's `shape` is `[...sampleShape, ...batch]`; temperature 0 is the mode. */
export interface CategoricalOptions
  extends LogitsOptions,
    RowTemperatureOptions,
    FilterOptions,
    SampleOptions,
    RowNoiseOptions {}

/** The method `categorical` of a sampler. */
export interface CategoricalMethod<T, M extends Mode, R extends Results> {
  /**
   * Exact categorical samples by the Gumbel-max theorem: `argmax(logits/temperature + g)` along the axis, the lowest
   * index on an exact tie. At temperature 1 the indices are those of
   * `jax.random.categorical(key, logits, axis, shape=[...sampleShape, ...batch])` at precision `"jax"`. Temperature 0
   * gives the mode, `argmax(logits)`, and draws no noise. Filters leave categories out; the others keep their noise.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @returns int32 indices of shape `[...sampleShape, ...batch]`, batch being the logits' shape without the axis; −1 for
   * a degenerate row
   * @throws RangeError or TypeError for a bad option, and where there is no category
   * @example sampler.categorical(logits, { key: key(42), temperature: 0.8, topP: 0.9 })
   */
  categorical(logits: T, options?: CategoricalOptions): Answer<R["index"], M>;
}

/** A checked call of `categorical`. */
export interface ResolvedCategorical extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰], or 0: the mode. */
  readonly temperature: number;
  /** Filters, and what differs from row to row; undefined where there is neither. */
  readonly decoding: ResolvedDecoding | undefined;
  /**
   * Noise of shape `[...sampleShape, ...logits.shape]`; where each row has its key, of a row alone,
   * `[...sampleShape, n]`. At temperature 0 nothing reads it.
   */
  readonly noise: ResolvedNoise;
}

interface CategoricalTypes extends OperationTypes {
  name: "categorical";
  parameters: object;
  inputs: "logits";
  outputs: "indices";
  options: CategoricalOptions;
  call: ResolvedCategorical;
}

export const categoricalOperation: Operation<CategoricalTypes> = {
  name: "categorical",
  inputs: { logits: { dtype: "float32", shape: shapeOfLogits } },
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
    sampleShape: true,
    key: true,
    precision: true,
    offset: true,
    rowStride: true,
  },
  outputs: { indices: { dtype: "int32", shape: shapeOfOutput } },
  lackOf,
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options, true, true);
    assertCategory(rows);
    const decoding = resolveDecoding(rows, options, true);
    const outputShape = [...rows.sampleShape, ...shapeWithoutAxis(shape, rows.axis)];
    const { keys } = decoding ?? {};
    const noiseShape =
      keys === undefined ? sampledShapeOf(rows) : [...rows.sampleShape, rows.layout.categories];
    const noise = resolveNoise(noiseShape, options, keys && (keys[0] ?? [0, 0]));
    return Object.assign(rows, { outputShape, decoding, noise });
  },
};
