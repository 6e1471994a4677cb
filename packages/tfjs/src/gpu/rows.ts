// Reductions over rows on a GPU: argmax, maximum, sums. Intermediate tensors are freed here.
import { type ResolvedNoise, type RowLayout, rowCountOf } from "@gumbel/core/adapter";
import { chunksOf } from "./chunks.ts";
import type { Gpu, NoiseVariant, Program, TensorInfo } from "./gpu.ts";
import { argmaxOfChunksProgram, argmaxProgram } from "./programs/argmax.ts";
import { maximumProgram } from "./programs/maximum.ts";
import { sumProgram } from "./programs/sum.ts";
import {
  noiseUniforms,
  rowUniforms,
  stepUniforms,
  temperatureUniforms,
  type UniformValues,
} from "./uniforms.ts";

/** Logits, repeated for each sample, and the noise that programs draw for them. */
export interface Perturbed {
  readonly logits: TensorInfo;
  readonly layout: RowLayout;
  readonly variant: NoiseVariant;
  /** Rows, counters and the temperature that divides the logits. */
  readonly uniforms: UniformValues;
}

/** Logits without noise. */
export function unperturbed(logits: TensorInfo, layout: RowLayout): Perturbed {
  return { logits, layout, variant: "none", uniforms: rowUniforms(layout) };
}

/** Logits with noise, divided by a temperature; a soft sample divides its noise too, so that for it this one is 1. */
export function perturbed(
  logits: TensorInfo,
  layout: RowLayout,
  noise: ResolvedNoise,
  temperature: number,
): Perturbed {
  const uniforms = {
    ...rowUniforms(layout),
    ...noiseUniforms(noise),
    ...stepUniforms(noise, layout),
    ...temperatureUniforms(temperature),
  };
  return { logits, layout, variant: noise.precision, uniforms };
}

/** Runs a program on perturbed logits and further inputs. */
export function runOn(
  gpu: Gpu,
  program: Program,
  { logits, variant, uniforms }: Perturbed,
  others: readonly TensorInfo[],
  size: number,
  more: UniformValues = {},
): TensorInfo {
  return gpu.run(program, variant, [logits, ...others], size, { ...uniforms, ...more });
}

/** Number of rows, samples included. */
export function sampledRowsOf(layout: RowLayout): number {
  return layout.samples * rowCountOf(layout);
}

/** Category of the largest perturbed logit of each row, the lowest on a tie; −1 in a degenerate row. */
export function argmaxOf(gpu: Gpu, z: Perturbed): TensorInfo {
  const rows = sampledRowsOf(z.layout);
  let chunks = chunksOf(rows, z.layout.categories);
  let argmaxes = runOn(gpu, argmaxProgram, z, [], rows * chunks, { chunks });
  while (chunks > 1) {
    const fewer = chunksOf(rows, chunks);
    const more = { count: chunks, chunks: fewer };
    const merged = runOn(gpu, argmaxOfChunksProgram, z, [argmaxes], rows * fewer, more);
    argmaxes = replace(gpu, argmaxes, merged);
    chunks = fewer;
  }
  return argmaxes;
}

/** The largest element of each row; NaN in a degenerate row. */
export function maximumOf(gpu: Gpu, values: TensorInfo, rows: number, layout: RowLayout): TensorInfo {
  const { categories, inner } = layout;
  let chunks = chunksOf(rows, categories);
  let maxima = gpu.run(maximumProgram, "none", [values], rows * chunks, { categories, inner, chunks });
  while (chunks > 1) {
    const fewer = chunksOf(rows, chunks);
    const uniforms = { categories: chunks, inner: 1, chunks: fewer };
    maxima = replace(gpu, maxima, gpu.run(maximumProgram, "none", [maxima], rows * fewer, uniforms));
    chunks = fewer;
  }
  return maxima;
}

/**
 * One sum a row, of what a program sums in chunks.
 * @param uniforms of the program beside the layout
 */
export function sumOverRows(
  gpu: Gpu,
  program: Program,
  inputs: readonly TensorInfo[],
  rows: number,
  layout: RowLayout,
  uniforms: UniformValues = {},
): TensorInfo {
  const chunks = chunksOf(rows, layout.categories);
  const all = { ...rowUniforms(layout), ...uniforms, chunks };
  return sumMiddle(gpu, gpu.run(program, "none", inputs, rows * chunks, all), chunks, rows, 1);
}

/** Sums the middle dimension of `[outer, count, inner]` away. Takes the tensor over. */
export function sumMiddle(
  gpu: Gpu,
  summands: TensorInfo,
  count: number,
  outer: number,
  inner: number,
): TensorInfo {
  let [sums, left] = [summands, count];
  while (left > 1) {
    const chunks = chunksOf(outer * inner, left);
    const uniforms = { count: left, chunks, inner };
    sums = replace(gpu, sums, gpu.run(sumProgram, "none", [sums], outer * chunks * inner, uniforms));
    left = chunks;
  }
  return sums;
}

/** Disposes one tensor for another. */
export function replace(gpu: Gpu, old: TensorInfo, fresh: TensorInfo): TensorInfo {
  gpu.dispose(old);
  return fresh;
}
