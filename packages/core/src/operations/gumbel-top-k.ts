// gumbelTopK: categories without replacement.
import { assertInteger } from "../arguments.ts";
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { LogitsOptions, NoiseOptions, TemperatureOptions } from "../options.ts";
import { resolveNoise, resolveRows, shapeOfLogits, shapeOfOutput } from "../resolve.ts";
import type { ResolvedCategorical } from "./categorical.ts";

/** Options of `gumbelTopK`. */
export interface GumbelTopKOptions extends LogitsOptions, TemperatureOptions, NoiseOptions {}

/** The `k` largest perturbed logits of each row, descending, and their categories. */
export interface GumbelTopKResult<Floats, Indices = Floats> {
  /** `logits/temperature + g`, descending along the axis. −∞ where fewer than `k` categories are unmasked. */
  readonly values: Floats;
  /** Category indices, int32; −1 where `values` is −∞, and throughout a degenerate row. */
  readonly indices: Indices;
}

/** The method `gumbelTopK` of a sampler. */
export interface GumbelTopKMethod<T, M extends Mode, R extends Results> {
  /**
   * `k` categories of each row without replacement, in the order of drawing (Gumbel-top-k: Kool, van Hoof, Welling
   * 2019). The axis has length `k` in both results; place 0 is the categorical sample at the same key and temperature.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @param k how many, an integer in [0, n], n being the length of the axis
   * @returns perturbed logits and int32 categories, of the logits' shape with k at the axis; −∞ and −1 where masks leave fewer than k,
   * NaN and −1 in a degenerate row
   * @throws RangeError or TypeError for a bad k, axis, temperature, key, precision, offset or rowStride
   * @example const { values, indices } = sampler.gumbelTopK(logits, 2, { key: key(42) })
   */
  gumbelTopK(
    logits: T,
    k: number,
    options?: GumbelTopKOptions,
  ): Answer<GumbelTopKResult<R["float"], R["index"]>, M>;
}

/** A checked call of `gumbelTopK`. */
export interface ResolvedGumbelTopK extends Omit<ResolvedCategorical, "decoding"> {
  /** How many categories of each row, from 0 to the length of the axis. */
  readonly k: number;
}

interface GumbelTopKTypes extends OperationTypes {
  name: "gumbelTopK";
  parameters: { readonly k: number };
  inputs: "logits";
  outputs: "values" | "indices";
  options: GumbelTopKOptions;
  call: ResolvedGumbelTopK;
}

export const gumbelTopKOperation: Operation<GumbelTopKTypes> = {
  name: "gumbelTopK",
  inputs: { logits: { dtype: "float32", shape: shapeOfLogits } },
  parameters: ["k"],
  options: { axis: true, temperature: true, key: true, precision: true, offset: true, rowStride: true },
  outputs: {
    values: { dtype: "float32", shape: shapeOfOutput },
    indices: { dtype: "int32", shape: shapeOfOutput },
  },
  resolve({ shape, k }, options) {
    const rows = resolveRows(shape, options);
    assertInteger(k, "k", 0, rows.layout.categories);
    const outputShape = [...shape];
    outputShape[rows.axis] = k;
    return Object.assign(rows, { outputShape, k, noise: resolveNoise(shape, options) });
  },
};
