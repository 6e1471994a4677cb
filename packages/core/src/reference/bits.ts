// bits and uniform over a shape: one Threefry block an element.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { bitsOperation } from "../operations/bits.ts";
import type { BitsOptions } from "../options.ts";
import { blockOf } from "../random/counter.ts";
import { uniformOf, wordOf } from "../random/noise.ts";
import type { ResolvedNoise } from "../resolve.ts";
import { evaluate } from "./evaluate.ts";

export default function kernel(noise: ResolvedNoise): { words: NdArray<Uint32Array> } {
  const data = new Uint32Array(sizeOf(noise.shape));
  for (let i = 0; i < data.length; i++) {
    const [x0, x1] = blockOf(noise.key, noise, i);
    data[i] = wordOf(x0, x1);
  }
  return { words: { data, shape: [...noise.shape] } };
}

/**
 * Random 32-bit words of a shape: `jax.random.bits(key, shape)`.
 *
 * @param shape dimensions, integers ≥ 0; `[]` is one word
 * @returns uint32 words of the shape
 * @throws RangeError or TypeError for a bad shape, key, offset or rowStride
 * @example bits([2, 3], { key: key(42) })
 */
export function bits(shape: readonly number[], options?: BitsOptions): NdArray<Uint32Array> {
  return evaluate(bitsOperation, kernel, [shape, options]).words;
}

/**
 * Uniform numbers in [0, 1), multiples of 2⁻²³: `jax.random.uniform(key, shape)` in float32.
 *
 * @param shape dimensions, integers ≥ 0; `[]` is one number
 * @returns float32 numbers of the shape
 * @throws RangeError or TypeError for a bad shape, key, offset or rowStride
 * @example uniform([2, 3], { key: key(42) })
 */
export function uniform(shape: readonly number[], options?: BitsOptions): NdArray<Float32Array> {
  const words = bits(shape, options);
  const data = new Float32Array(words.data.length);
  for (let i = 0; i < data.length; i++) data[i] = uniformOf(words.data[i]);
  return { data, shape: words.shape };
}
