// bits and gumbel on a GPU.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { Gpu, TensorInfo } from "../gpu.ts";
import { noiseProgram, wordsProgram } from "../programs/noise.ts";
import { noiseUniforms } from "../uniforms.ts";

/** Words of the noise's blocks, flat. */
export function wordsOf(gpu: Gpu, noise: ResolvedNoise): TensorInfo {
  return gpu.run(wordsProgram, "none", [], sizeOf(noise.shape), noiseUniforms(noise));
}

/** Gumbel noise, flat. */
export function noiseOf(gpu: Gpu, noise: ResolvedNoise): TensorInfo {
  return gpu.run(noiseProgram, noise.precision, [], sizeOf(noise.shape), noiseUniforms(noise));
}
