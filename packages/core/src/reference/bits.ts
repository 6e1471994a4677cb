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
  const data = Uint32Array.from({ length: sizeOf(noise.shape) }, (_, i) =>
    wordOf(...blockOf(noise.key, noise, i)),
  );
  return { words: { data, shape: [...noise.shape] } };
}

/** Random 32-bit words: `jax.random.bits(key, shape)`. */
export function bits(shape: readonly number[], options?: BitsOptions): NdArray<Uint32Array> {
  return evaluate(bitsOperation, kernel, [shape, options]).words;
}

/** Uniform numbers in [0, 1), multiples of 2⁻²³: `jax.random.uniform(key, shape)` in float32. */
export function uniform(shape: readonly number[], options?: BitsOptions): NdArray<Float32Array> {
  const words = bits(shape, options);
  return { data: Float32Array.from(words.data, uniformOf), shape: words.shape };
}
