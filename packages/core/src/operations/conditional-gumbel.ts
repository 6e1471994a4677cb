// conditionalGumbel: Gumbel noise, given the category that it makes win.
import { assertIndices } from "../arguments.ts";
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

/** Options of `conditionalGumbel`. */
export interface ConditionalGumbelOptions
  extends LogitsOptions,
    TemperatureOptions,
    SampleOptions,
    NoiseOptions {}

/** The method `conditionalGumbel` of a sampler. */
export interface ConditionalGumbelMethod<T, M extends Mode, R extends Results> {
  /**
   * Standard Gumbel noise conditioned on its outcome: noise n for which `argmax(logits/temperature + n)` is the index of
   * each row. Mixed over indices that `categorical` draws it has the law of unconditional noise. With other logits it
   * answers what would have been drawn then: a counterfactual (Oberst and Sontag 2019). Maddison et al. 2014, section 3.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category, whose noise stays unconditional
   * @param indices int32 categories, of shape `[...sampleShape, ...batch]`, batch being the logits' shape without the
   * axis: what `categorical` gives, at another key than this one
   * @returns noise of shape `[...sampleShape, ...logits.shape]`: finite, but NaN in a row that is degenerate, or whose index
   * is −1 or masked. Noise beyond float32, where the logits differ by as much, is the largest float32
   * @throws RangeError or TypeError for a bad option, for indices of another shape, and for an index out of range where
   * indices are on the CPU; on a GPU its row is NaN
   * @example sampler.conditionalGumbel(logits, indices, { key: key(43) })
   */
  conditionalGumbel(logits: T, indices: T, options?: ConditionalGumbelOptions): Answer<R["float"], M>;
}

/** A checked call of `conditionalGumbel`. */
export interface ResolvedConditionalGumbel extends ResolvedLogits {
  /** τ, in [2⁻⁴⁰, 2⁴⁰]. */
  readonly temperature: number;
  /** Shape of the indices: of the noise, without the axis. */
  readonly indicesShape: readonly number[];
  /** Unconditional noise of the result's shape, which the conditional noise is made of. */
  readonly noise: ResolvedNoise;
}

interface ConditionalGumbelTypes extends OperationTypes {
  name: "conditionalGumbel";
  parameters: object;
  inputs: "logits" | "indices";
  outputs: "noise";
  options: ConditionalGumbelOptions;
  call: ResolvedConditionalGumbel;
}

export const conditionalGumbelOperation: Operation<ConditionalGumbelTypes> = {
  name: "conditionalGumbel",
  inputs: {
    logits: { dtype: "float32", shape: shapeOfLogits },
    indices: { dtype: "int32", shape: ({ indicesShape }) => indicesShape, assertValues: assertIndices },
  },
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
  outputs: { noise: { dtype: "float32", shape: shapeOfOutput } },
  resolve({ shape }, options) {
    const rows = resolveRows(shape, options);
    assertCategory(rows);
    const outputShape = sampledShapeOf(rows);
    const indicesShape = [...rows.sampleShape, ...shapeWithoutAxis(shape, rows.axis)];
    return Object.assign(rows, { outputShape, indicesShape, noise: resolveNoise(outputShape, options) });
  },
};
