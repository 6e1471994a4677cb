// Noise made in JavaScript: bits for graphs whose noise is "bits", noise for those whose noise is "input", and words.
import type { NoiseOptions } from "@gumbel/core";
import {
  fillBlocks,
  gumbelOf,
  type OwnBigInt64Array,
  type OwnFloat32Array,
  type OwnUint32Array,
  type ResolvedNoise,
  readOptions,
  resolveNoise,
  sizeOf,
} from "@gumbel/core/adapter";

/**
 * What the input `bits` of a graph exported with `noise: "bits"` takes for a key: int64 (`BigInt64Array`) at precision
 * `"full"`, uint32 (`Uint32Array`) at `"jax"`. The same bits that `"threefry"` makes in the graph from the key.
 *
 * @param shape of the samples, `[...sampleShape, ...logits.shape]`
 * @returns an element for each of the shape
 * @throws RangeError or TypeError for a bad shape, key, precision, offset or rowStride, and another option
 * @example const bits = new ort.Tensor("int64", noiseBits([2, 3], { key: key(42) }), [2, 3])
 */
export function noiseBits(
  shape: readonly number[],
  options: NoiseOptions = {},
): OwnBigInt64Array | OwnUint32Array {
  const names = ["key", "precision", "offset", "rowStride"];
  return bitsOf(resolveNoise(shape, readOptions("noiseBits", options, names)));
}

/** Elements of a chunk, small enough for the processor's first cache. */
const CHUNK = 2048;

/** The bits of a checked call. */
export function bitsOf(noise: ResolvedNoise): OwnBigInt64Array | OwnUint32Array {
  if (noise.precision === "jax") return wordsOf(noise);
  // An int64 is two words, the lower one first on every machine that runs JavaScript.
  const pairs = new Int32Array(2 * sizeOf(noise.shape));
  inChunks(noise, (start, words, x1) => {
    for (let i = 0, at = 2 * start; i < words.length; i++, at += 2) {
      pairs[at] = x1[i];
      pairs[at + 1] = words[i];
    }
  });
  return new BigInt64Array(pairs.buffer);
}

/** Standard Gumbel noise of a checked call, in float32. */
export function gumbelNoiseOf(noise: ResolvedNoise): OwnFloat32Array {
  const values = new Float32Array(sizeOf(noise.shape));
  inChunks(noise, (start, words, x1) => {
    for (let i = 0; i < words.length; i++) {
      values[start + i] = gumbelOf(words[i] >>> 0, x1[i] >>> 0, noise.precision);
    }
  });
  return values;
}

/** The words of `jax.random.bits`. */
export function wordsOf(noise: ResolvedNoise): OwnUint32Array {
  const all = new Uint32Array(sizeOf(noise.shape));
  inChunks(noise, (start, words) => all.set(words, start));
  return all;
}

/** Makes the blocks of a noise shape by chunks: words `x0 ^ x1` and x1 `x1`, as int32, reused by the next chunk. */
function inChunks(
  noise: ResolvedNoise,
  use: (start: number, words: Int32Array, x1: Int32Array) => void,
): void {
  const size = sizeOf(noise.shape);
  const [words, x1] = [new Int32Array(CHUNK), new Int32Array(CHUNK)];
  for (let start = 0; start < size; start += CHUNK) {
    const count = Math.min(CHUNK, size - start);
    const [some, low] = count === CHUNK ? [words, x1] : [words.subarray(0, count), x1.subarray(0, count)];
    fillBlocks(noise.key, noise, start, some, low);
    use(start, some, low);
  }
}
