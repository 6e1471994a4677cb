// Gumbel noise from the words of blocks. The definition is core's gumbelOf; this gives it to an absolute 2⁻²⁴ or
// better in half of the time.
import type { Precision } from "@gumbel/core";
import { fillBlocks, gumbelOf, type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import { LN2, log1pNearZero, POWERS } from "./log-core.ts";

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

/**
 * The Gumbel variate of a block. Free of branches but for rare ends, where u is so near 0 or 1 that float64 would lose
 * what the definition keeps; small enough that loops inline it.
 */
export function gumbelOfWord(word: number, low: number, precision: Precision): number {
  if (precision === "jax") return gumbelOf(word ^ low, low, precision);
  // u = (N + ½)/2⁶³ itself: between the ends, −log u keeps a relative 2⁻³³.
  const u = (word >>> 0) * 2 ** -32 + ((low >>> 1) + 0.5) * 2 ** -63;
  if (u < NEAR_ENDS || u > 1 - NEAR_ENDS) return gumbelOf(word ^ low, low, precision);
  const uBits = Math.clz32(u * U_SCALE);
  const exponential = uBits * LN2 - log1pNearZero(u * POWERS[uBits] - 1);
  const bits = Math.clz32(exponential * E_SCALE);
  return (bits - E_BITS) * LN2 - log1pNearZero(exponential * E_POWERS[bits] - 1);
}

const NEAR_ENDS = 2 ** -20;

/**
 * The leading zeros of `x·2ⁿ·√2` as an integer say by which power of two x comes to lie in [√½, √2): for u < 1 they are
 * the power itself, for E < 2⁶ the power and 6 more.
 */
const U_SCALE = Math.SQRT2 * 2 ** 31;
const E_BITS = 6;
const E_SCALE = Math.SQRT2 * 2 ** (31 - E_BITS);
const E_POWERS: Float64Array = Float64Array.from({ length: 33 }, (_, bits) => 2 ** (bits - E_BITS));

/**
 * Upper bounds of the noise by the leading zeros of the complemented word: none in the lower half, where `u < ½`; with
 * `n` of them `1 − u ≥ 2⁻¹⁻ⁿ`, and with all 32 it is at least 2⁻⁶⁴. Rounded up by far more than the noise's error.
 */
const BOUNDS: Float64Array = Float64Array.from({ length: 33 }, (_, zeros) => {
  const distanceFromOne = zeros === 32 ? 2 ** -64 : 2 ** (-1 - zeros);
  return 1e-6 - Math.log(-Math.log1p(-distanceFromOne));
});

/** An upper bound of {@link gumbelOfWord}, whatever the precision and the low word, that costs no logarithm. */
export function gumbelBoundOfWord(word: number): number {
  return BOUNDS[Math.clz32(~word)];
}
