// categorical: exact samples by the Gumbel-max theorem.
import { shapeWithoutAxis } from "../layout.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { LogitsOptions, NoiseOptions, SampleOptions, TemperatureOptions } from "../options.ts";
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
export interface CategoricalOptions extends LogitsOptions, TemperatureOptions, SampleOptions, NoiseOptions {}

/** The method `categorical` of a sampler. */
export interface CategoricalMethod<T, M extends Mode, R extends Results> {
  /**
   * Exact categorical samples by the Gumbel-max theorem: `argmax(logits/temperature + g)` along the axis, the lowest
   * index on an exact tie. At temperature 1 the indices are those of
   * `jax.random.categorical(key, logits, axis, shape=[...sampleShape, ...batch])` at precision `"jax"`. Temperature 0
   * gives the mode, `argmax(logits)`, and draws no noise.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @returns int32 indices of shape `[...sampleShape, ...batch]`, batch being the logits' shape without the axis; −1 for
   * a degenerate row
   * @throws RangeError or TypeError for a bad axis, temperature, sampleShape, key, precision, offset or rowStride, and
   * where there is no category
   * @example sampler.categorical(logits, { key: key(42), temperature: 0.8 })
   */
  categorical(logits: T, options?: CategoricalOptions): Answer<R["index"], M>;
}

/** A checked call of `categorical`. */
export interface ResolvedCategorical extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰], or 0: the mode. */
  readonly temperature: number;
  /** Noise of shape `[...sampleShape, ...logits.shape]`. At temperature 0 nothing reads it. */
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
    sampleShape: true,
    key: true,
    precision: true,
    offset: true,
    rowStride: true,
  },
  outputs: { indices: { dtype: "int32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options, true);
    assertCategory(rows);
    const outputShape = [...rows.sampleShape, ...shapeWithoutAxis(shape, rows.axis)];
    return Object.assign(rows, { outputShape, noise: resolveNoise(sampledShapeOf(rows), options) });
  },
};
