// Keys whose first elements draw a rare word, found by scripts/search-rare-keys.mjs: with them the ends of the noise
// are checked on tensors of eight elements.

/** An element of the noise of `key(seed)` whose word is rare. */
export interface RareElement {
  readonly seed: number;
  readonly index: number;
}

/** Words 0 and 1, the bottom of the range: g near −3.1, and a uniform of exactly 0 at 23, 24 and 32 bits. */
export const LOWEST_WORDS: readonly RareElement[] = [
  { seed: 190980971, index: 0 },
  { seed: 216852443, index: 7 },
];

/** Words below 512: a uniform of exactly 0 at 23 bits. */
export const ZERO_AT_23_BITS: readonly RareElement[] = [
  { seed: 385443, index: 1 },
  { seed: 780233, index: 0 },
  { seed: 3714538, index: 0 },
];

/** Words of at least 2³² − 4: g from 20.8, which 24 bits never reach; u rounds to 1 in float32. */
export const HIGHEST_WORDS: readonly RareElement[] = [
  { seed: 122108949, index: 6 },
  { seed: 351642881, index: 4 },
  { seed: 391885693, index: 3 },
];

/** Words of at least 2³² − 512: the last step of 23 bits, where some roundings of u to float32 give exactly 1. */
export const LAST_STEP_OF_23_BITS: readonly RareElement[] = [
  { seed: 493805, index: 4 },
  { seed: 2645432, index: 7 },
  { seed: 8814689, index: 2 },
  { seed: 10028903, index: 4 },
  { seed: 20192286, index: 0 },
];

/** Words 2³¹ − 1 and 2³¹: where a kernel goes over from one tail to the other, and int32 from its largest to its least. */
export const MIDDLE_WORDS: readonly RareElement[] = [
  { seed: 451899823, index: 1 },
  { seed: 472804307, index: 1 },
];

/**
 * Words of every octave between those that ordinary tensors reach and the ends: with 11, 12, … leading zeros, or ones. Kernels
 * of piecewise logarithms go over from one piece to the next there.
 */
export const OCTAVES: readonly RareElement[] = [
  // From the lower end.
  { seed: 119, index: 1 },
  { seed: 69, index: 2 },
  { seed: 20, index: 7 },
  { seed: 3068, index: 6 },
  { seed: 7849, index: 6 },
  { seed: 20479, index: 6 },
  { seed: 32155, index: 1 },
  { seed: 6228, index: 2 },
  { seed: 238726, index: 2 },
  { seed: 282205, index: 6 },
  { seed: 364203, index: 2 },
  { seed: 226344, index: 4 },
  { seed: 385443, index: 1 },
  { seed: 4794107, index: 4 },
  { seed: 5833579, index: 7 },
  { seed: 41215477, index: 0 },
  { seed: 16463504, index: 7 },
  { seed: 19531854, index: 4 },
  // From the upper end.
  { seed: 157, index: 3 },
  { seed: 173, index: 6 },
  { seed: 916, index: 1 },
  { seed: 5367, index: 6 },
  { seed: 11109, index: 6 },
  { seed: 9418, index: 5 },
  { seed: 95503, index: 6 },
  { seed: 11342, index: 2 },
  { seed: 132238, index: 1 },
  { seed: 319658, index: 2 },
  { seed: 37062, index: 1 },
  { seed: 230501, index: 2 },
  { seed: 2645432, index: 7 },
  { seed: 493805, index: 4 },
  { seed: 8814689, index: 2 },
  { seed: 20192286, index: 0 },
  { seed: 47645985, index: 3 },
];

/** Elements in all of these tables have an index below this. */
export const RARE_ELEMENTS = 8;

/** Two of the first 64 elements share the largest 23-bit uniform: an exact tie at precision `"jax"`. */
export const TIES_AT_23_BITS: readonly {
  readonly seed: number;
  readonly indices: readonly [number, number];
}[] = [
  { seed: 119161, indices: [1, 44] },
  { seed: 122786, indices: [12, 63] },
  { seed: 144183, indices: [11, 25] },
  { seed: 144894, indices: [33, 55] },
];
