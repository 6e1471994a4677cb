// bits, uniform and gumbel over a shape: one Threefry block for each element.
import { blockOf } from "../counter.ts";
import type { NdArray } from "../nd-array.ts";
import { sizeOf } from "../nd-array.ts";
import { uniformOf, wordOf } from "../noise.ts";
import type { NoiseOptions } from "../options.ts";
import { type ResolvedNoise, resolveNoise } from "../resolve.ts";
import { gumbelAt } from "./rows.ts";

/** Random 32-bit words: `jax.random.bits(key, shape)`. */
export function bits(
  shape: readonly number[],
  options?: Omit<NoiseOptions, "precision">,
): NdArray<Uint32Array> {
  const noise = resolveNoise(shape, options);
  return { data: Uint32Array.from({ length: sizeOf(shape) }, (_, i) => wordAt(noise, i)), shape: [...shape] };
}

/** Uniform numbers in [0, 1), multiples of 2⁻²³: `jax.random.uniform(key, shape)` in float32. */
export function uniform(
  shape: readonly number[],
  options?: Omit<NoiseOptions, "precision">,
): NdArray<Float32Array> {
  const words = bits(shape, options);
  return { data: Float32Array.from(words.data, uniformOf), shape: words.shape };
}

/** Standard Gumbel noise, in float64. */
export function gumbel(shape: readonly number[], options?: NoiseOptions): NdArray<Float64Array> {
  const noise = resolveNoise(shape, options);
  return {
    data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => gumbelAt(noise, i)),
    shape: [...shape],
  };
}

function wordAt(noise: ResolvedNoise, index: number): number {
  const [x0, x1] = blockOf(noise.key, noise, index);
  return wordOf(x0, x1);
}
