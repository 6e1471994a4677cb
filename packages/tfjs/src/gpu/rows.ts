// Reductions over rows on a GPU: the winner of each row, sums of chunks. Intermediate tensors are freed here.
import { type ResolvedNoise, type RowLayout, sizeOf } from "@gumbel/core/adapter";
import { chunksOf } from "./chunks.ts";
import type { GpuBackend, NoiseVariant, ProgramName, TensorInfo } from "./gpu-backend.ts";
import { noiseUniforms, rowUniforms, stepUniforms, type UniformValues } from "./uniforms.ts";

/** Logits or perturbed logits with the rows that they make up. */
export interface GpuRows {
  /** What is read: the logits, repeated for each sample, or values of the whole output. */
  readonly logits: TensorInfo;
  readonly rows: RowLayout;
  /** Noise that is added on the way, if any. */
  readonly noise?: ResolvedNoise | undefined;
}

/** Number of rows, samples included. */
export function rowCount({ samples, outer, inner }: RowLayout): number {
  return samples * outer * inner;
}

/** Number of elements of the output, samples included. */
export function elementCount(rows: RowLayout): number {
  return rowCount(rows) * rows.classes;
}

/** `logits + g` for every element of the noise. */
export function perturb(
  gpu: GpuBackend,
  logits: TensorInfo,
  rows: RowLayout,
  noise: ResolvedNoise,
): TensorInfo {
  const uniforms = { ...rowUniforms(rows), ...noiseUniforms(noise) };
  return gpu.run("perturb", noise.precision, [logits], sizeOf(noise.shape), uniforms);
}

/** Class of the largest element of each row, the lowest on a tie; −1 in a degenerate row. Noise is made in passing. */
export function winnersOf(gpu: GpuBackend, { logits, rows, noise }: GpuRows): TensorInfo {
  const count = rowCount(rows);
  const variant: NoiseVariant = noise?.precision ?? "none";
  const common = {
    ...rowUniforms(rows),
    // Without noise the values may be those of all samples.
    block: sizeOf(logits.shape),
    ...(noise === undefined ? {} : { ...noiseUniforms(noise), ...stepUniforms(noise, rows) }),
  };
  let chunks = chunksOf(count, rows.classes);
  let winners = gpu.run("best", variant, [logits], count * chunks, { ...common, chunks });
  while (chunks > 1) {
    const fewer = chunksOf(count, chunks);
    const uniforms = { ...common, count: chunks, chunks: fewer };
    winners = replace(gpu, winners, gpu.run("better", variant, [logits, winners], count * fewer, uniforms));
    chunks = fewer;
  }
  return winners;
}

/** Runs a program that sums the elements of a row by chunks, then sums the chunks: one value a row. */
export function sumOverRows(
  gpu: GpuBackend,
  program: ProgramName,
  inputs: readonly TensorInfo[],
  rows: RowLayout,
  uniforms: UniformValues = {},
): TensorInfo {
  const count = rowCount(rows);
  const chunks = chunksOf(count, rows.classes);
  const partial = gpu.run(program, "none", inputs, count * chunks, {
    ...rowUniforms(rows),
    ...uniforms,
    chunks,
  });
  return foldAll(gpu, partial, chunks, count, 1);
}

/** Sums the middle dimension of `[outer, count, inner]` away. Takes the tensor over. */
export function foldAll(
  gpu: GpuBackend,
  summands: TensorInfo,
  count: number,
  outer: number,
  inner: number,
): TensorInfo {
  let [sums, left] = [summands, count];
  while (left > 1) {
    const chunks = chunksOf(outer * inner, left);
    const uniforms = { count: left, chunks, inner };
    sums = replace(gpu, sums, gpu.run("fold", "none", [sums], outer * chunks * inner, uniforms));
    left = chunks;
  }
  return sums;
}

/** Disposes one tensor for another. */
export function replace(gpu: GpuBackend, old: TensorInfo, fresh: TensorInfo): TensorInfo {
  gpu.dispose(old);
  return fresh;
}
