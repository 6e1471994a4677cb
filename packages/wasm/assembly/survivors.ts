// The categories of a row that its filters have left so far: a list of logits and of ids, which ascend. Logits in it are finite.
import { MAXIMA, MOST_CHUNKS } from "./memory-layout";
import { maximum, maxLane } from "./partial-softmax";
import { nextUp } from "./sortable-bits";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** Addresses of the list's logits and ids, and of room for a number for each, and the list's length. */
export let values: usize = 0;
export let ids: usize = 0;
export let scratch: usize = 0;
export let size: u32 = 0;

/** Chunks of the row, whose maxima are in {@link MAXIMA}, and the bytes of each but the last. */
export let chunks: u32 = 0;
export let chunkBytes: usize = 0;

/** For each mask of four lanes, the bytes that bring its lanes to the front. */
const PACK: usize = memory.data(256, 16);
for (let mask: usize = 0; mask < 16; mask++) {
  let at = PACK + (mask << 4);
  for (let lane: u32 = 0; lane < 4; lane++) {
    if ((mask >> lane) & 1) {
      store<u32>(at, 0x03020100 + lane * 0x04040404);
      at += 4;
    }
  }
}

/** Starts with an empty list at an address that has room for three times `count + 16` elements. */
export function createList(at: usize, count: u32): void {
  const bytes = <usize>(count + 16) << 2;
  values = at;
  ids = at + bytes;
  scratch = ids + bytes;
  size = 0;
}

/** Empties the list. */
export function clearList(): void {
  size = 0;
}

/** Finds the largest logit of each chunk of a row, and of the row: NaN if it holds NaN or +∞, −∞ if all is masked. */
export function findMaxima(row: usize, count: u32): f32 {
  let chunk: u32 = 64;
  while (count > chunk * MOST_CHUNKS) chunk <<= 1;
  chunkBytes = <usize>chunk << 2;
  chunks = (count + chunk - 1) / chunk;
  const lowest = f32x4.splat(-INFINITY);
  let largest = lowest;
  let sums = f32x4.splat(0);
  // A chunk has a multiple of sixteen, but for the last.
  const wholes = count / chunk;
  for (let i: u32 = 0; i < wholes; i++) {
    let ofChunk = lowest;
    for (let at = row + i * chunkBytes, end = at + chunkBytes; at < end; at += 64) {
      const z0 = v128.load(at);
      const z1 = v128.load(at, 16);
      const z2 = v128.load(at, 32);
      const z3 = v128.load(at, 48);
      ofChunk = f32x4.pmax(ofChunk, f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3)));
      sums = f32x4.add(sums, f32x4.add(f32x4.add(z0, z1), f32x4.add(z2, z3)));
    }
    store<f32>(MAXIMA + (<usize>i << 2), maxLane(ofChunk));
    largest = f32x4.pmax(largest, ofChunk);
  }
  let ofRow = maxLane(largest);
  if (wholes < chunks) {
    const ofLast = maximum(row + wholes * chunkBytes, count - wholes * chunk);
    store<f32>(MAXIMA + (<usize>wholes << 2), ofLast);
    if (isNaN(ofLast)) return NaN;
    ofRow = max(ofRow, ofLast);
  }
  // A maximum may pass over a NaN, a sum may not. A sum of large logits, of both signs, may be NaN without one.
  return v128.any_true(f32x4.ne(sums, sums)) || ofRow == INFINITY ? maximum(row, count) : ofRow;
}

/** Writes the lanes of a mask to the end of the list, which it moves on; up to 12 bytes behind it are overwritten. */
@inline
function append(end: usize, logits: v128, categories: v128, mask: i32): usize {
  const order = v128.load(PACK + (<usize>mask << 4));
  v128.store(values + end, i8x16.swizzle(logits, order));
  v128.store(ids + end, i8x16.swizzle(categories, order));
  return end + (<usize>popcnt(mask) << 2);
}

/** Lanes 0 to 3 as bits, of `bytes` that are left. */
@inline
function bitsWithin(bytes: usize): i32 {
  return bytes < 16 ? (1 << (<i32>bytes >> 2)) - 1 : 15;
}

/**
 * Appends the categories of a row from a chunk on whose logit is at least `least`, a finite number. Stops behind a chunk that makes
 * the list longer than `most`, and returns the next chunk.
 */
export function collect(row: usize, count: u32, least: f32, from: u32 = 0, most: u32 = u32.MAX_VALUE): u32 {
  const bound = f32x4.splat(least);
  const rowEnd = row + (<usize>count << 2);
  let end = <usize>size << 2;
  let chunk = from;
  for (; chunk < chunks && (end >> 2) <= most; chunk++) {
    if (load<f32>(MAXIMA + (<usize>chunk << 2)) < least) continue;
    const begin = row + chunk * chunkBytes;
    const stop = min(begin + chunkBytes, rowEnd);
    let categories = i32x4.add(i32x4.splat(<i32>((begin - row) >> 2)), i32x4(0, 1, 2, 3));
    for (let at = begin; at < stop; at += 64) {
      const larger01 = f32x4.pmax(v128.load(at), v128.load(at, 16));
      const larger23 = f32x4.pmax(v128.load(at, 32), v128.load(at, 48));
      // Most sixteen have none, or several.
      if (!v128.any_true(f32x4.ge(f32x4.pmax(larger01, larger23), bound))) {
        categories = i32x4.add(categories, i32x4.splat(16));
        continue;
      }
      for (let i = at, last = min(at + 64, stop); i < last; i += 16) {
        const logits = v128.load(i);
        end = append(end, logits, categories, i32x4.bitmask(f32x4.ge(logits, bound)) & bitsWithin(last - i));
        categories = i32x4.add(categories, i32x4.splat(4));
      }
    }
  }
  size = <u32>(end >> 2);
  return chunk;
}

/** Keeps the categories whose key is above a bound, and the first `ties` of those whose key is equal to it. */
export function keepAbove(keys: usize, bound: f32, ties: u32): void {
  const bounds = f32x4.splat(bound);
  const all = <usize>size << 2;
  let end: usize = 0;
  for (let i: usize = 0; i < all; i += 16) {
    const key = v128.load(keys + i);
    const within = bitsWithin(all - i);
    let mask = i32x4.bitmask(f32x4.gt(key, bounds)) & within;
    let equal = i32x4.bitmask(f32x4.eq(key, bounds)) & within;
    for (; equal != 0 && ties != 0; ties--) {
      mask |= equal & -equal;
      equal &= equal - 1;
    }
    end = append(end, v128.load(values + i), v128.load(ids + i), mask);
  }
  size = <u32>(end >> 2);
}

/** Keeps the categories whose logit is at least a bound. */
export function keepAtLeast(least: f32): void {
  // Above the float below it: ties take time.
  keepAbove(values, -nextUp(-least), 0);
}

/** How many of the first `count` values are equal to one. */
export function countEqual(at: usize, count: u32, value: f32): u32 {
  const valuesOf = f32x4.splat(value);
  const end = <usize>count << 2;
  let found = 0;
  for (let i: usize = 0; i < end; i += 16) {
    found += popcnt(i32x4.bitmask(f32x4.eq(v128.load(at + i), valuesOf)) & bitsWithin(end - i));
  }
  return found;
}

/** How many of some values are at least a bound. */
export function countAtLeast(at: usize, count: u32, least: f32): u32 {
  const bound = f32x4.splat(least);
  const end = <usize>count << 2;
  const whole = end & ~15;
  let counts = i32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) counts = i32x4.sub(counts, f32x4.ge(v128.load(at + i), bound));
  const last = end == whole ? 0 : i32x4.bitmask(f32x4.ge(v128.load(at + whole), bound)) & bitsWithin(end - whole);
  return (
    i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) + i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3) + popcnt(last)
  );
}
