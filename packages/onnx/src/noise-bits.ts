// Random bits for graphs whose noise is "bits": made here, on the CPU, several times as fast as in a graph.
import type { NoiseOptions } from "@gumbel/core";
import { fillBlocks, gumbelOf, type ResolvedNoise, resolveNoise, sizeOf } from "@gumbel/core/adapter";

/**
 * What the input `bits` of a graph exported with `noise: "bits"` takes for a key: int64 (`BigInt64Array`) at precision
 * `"full"`, uint32 (`Uint32Array`) at `"jax"`. The same bits that `"threefry"` makes in the graph from the key.
 *
 * @param shape of the samples, `[...sampleShape, ...logits.shape]`
 */
export function noiseBits(
  shape: readonly number[],
  options?: NoiseOptions,
): BigInt64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  return bitsOf(resolveNoise(shape, options));
}

/** Elements in one go, small enough for the processor's first cache. */
const CHUNK = 2048;

/** The bits of a checked call. */
export function bitsOf(noise: ResolvedNoise): BigInt64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> {
  const size = sizeOf(noise.shape);
  if (noise.precision === "jax") return wordsOf(noise);
  // An int64 is two words, the lower one first on every machine that runs JavaScript.
  const pairs = new Int32Array(2 * size);
  const [words, lows] = [new Int32Array(CHUNK), new Int32Array(CHUNK)];
  for (let start = 0; start < size; start += CHUNK) {
    const count = Math.min(CHUNK, size - start);
    const [some, low] = count === CHUNK ? [words, lows] : [words.subarray(0, count), lows.subarray(0, count)];
    fillBlocks(noise.key, noise, start, some, low);
    for (let i = 0, at = 2 * start; i < count; i++, at += 2) {
      pairs[at] = low[i];
      pairs[at + 1] = some[i];
    }
  }
  return new BigInt64Array(pairs.buffer);
}

/** Standard Gumbel noise of a checked call, in float32. */
export function noiseOf(noise: ResolvedNoise): Float32Array<ArrayBuffer> {
  const values = new Float32Array(sizeOf(noise.shape));
  const [words, lows] = [new Int32Array(CHUNK), new Int32Array(CHUNK)];
  for (let start = 0; start < values.length; start += CHUNK) {
    const count = Math.min(CHUNK, values.length - start);
    const [some, low] = count === CHUNK ? [words, lows] : [words.subarray(0, count), lows.subarray(0, count)];
    fillBlocks(noise.key, noise, start, some, low);
    for (let i = 0; i < count; i++) {
      values[start + i] = gumbelOf((some[i] ^ low[i]) >>> 0, low[i] >>> 0, noise.precision);
    }
  }
  return values;
}

/** The words of `jax.random.bits`. */
export function wordsOf(noise: ResolvedNoise): Uint32Array<ArrayBuffer> {
  const words = new Int32Array(sizeOf(noise.shape));
  const lows = new Int32Array(CHUNK);
  for (let start = 0; start < words.length; start += CHUNK) {
    const some = words.subarray(start, start + CHUNK);
    fillBlocks(noise.key, noise, start, some, some.length === CHUNK ? lows : lows.subarray(0, some.length));
  }
  return new Uint32Array(words.buffer);
}
