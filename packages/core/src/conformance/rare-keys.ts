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
