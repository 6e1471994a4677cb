// Gumbel noise in float64 from the words of blocks. The definition is core's gumbelOf; this is the same without its
// two slow calls, log1p and one array a block.
import type { Precision } from "@gumbel/core";
import { fillBlocks, type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";

/** `jnp.finfo(float32).tiny`, the smallest uniform of the `"jax"` noise. */
const TINY = 2 ** -126;

/** Below this, `t + t²/2` is `−log(1 − t)` to 2⁻⁴²; above it, `1 − t` in float64 keeps 2⁻³³. */
const SMALL = 2 ** -20;

/** The words and low words of every block of a noise shape. */
export interface Blocks {
  readonly words: Int32Array;
  readonly lows: Int32Array;
}

/** Computes every block of a noise shape. */
export function blocksOf(noise: ResolvedNoise): Blocks {
  const size = sizeOf(noise.shape);
  const blocks = { words: new Int32Array(size), lows: new Int32Array(size) };
  fillBlocks(noise.key, noise, 0, blocks.words, blocks.lows);
  return blocks;
}

/** The Gumbel variate of a block, float64, to a relative 2⁻³³. */
export function gumbelOfWord(word: number, low: number, precision: Precision): number {
  if (precision === "jax") return -Math.log(-Math.log(Math.max(TINY, (word >>> 9) * 2 ** -23)));
  const complement = word >> 31;
  const t = ((word ^ complement) >>> 0) * 2 ** -32 + (((low ^ complement) >>> 1) + 0.5) * 2 ** -63;
  if (complement === 0) return -Math.log(-Math.log(t));
  return -Math.log(t < SMALL ? t * (1 + 0.5 * t) : -Math.log(1 - t));
}

/**
 * An upper bound of {@link gumbelOfWord} that costs no logarithm. In the upper half `−log(1 − t) > t`, so `g < −log t`,
 * which the leading zeros of t bound; in the lower half `g ≤ −log log 2 < 0.3666`. The slack covers rounding.
 */
export function gumbelBoundOfWord(word: number): number {
  return word < 0 ? (1 + Math.clz32(~word)) * BOUND_PER_BIT + reachOf(word) : LOWER_HALF_BOUND;
}

/** ln 2, rounded up. */
const BOUND_PER_BIT = 0.69314719;
const LOWER_HALF_BOUND = 0.3666;

/** A word of only ones leaves the place of the highest bit to the low word: 32 bits more. */
function reachOf(word: number): number {
  return word === -1 ? 32 * BOUND_PER_BIT : 0;
}
