// Partial softmaxes, the online-softmax state { max, shift, sumExp } of a chunk of a row: sumExp = Σ exp((z − max)/temperature).
// The z of a chunk are relative to its `shift`; its maximum is the exact sum shift + max, which one float32 may not hold.
import { exp, expOf, expSixteen } from "./exp";
import { CHUNK, PARTIAL_BYTES, PARTIALS, RESULT } from "./memory-layout";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/**
 * Elements that one float32 sum adds up, a quarter in each lane, before a float64 sum takes it over: over 150,000 elements a
 * single float32 sum would be wrong by 3e-5. As the bits of an offset that are all ones in the last group of each 512 elements.
 */
const SUM_MASK: usize = (512 - 16) << 2;

/** The largest of four lanes, none of which is NaN. */
@inline
export function maxLane(lanes: v128): f32 {
  const pairs = f32x4.pmax(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Lanes 0 to count − 1 as a mask: all four of them from 4 on. */
@inline
export function lanesBelow(count: usize): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>count));
}

/** The largest of many values; NaN if one of them is NaN or +∞, −∞ if all of them are. */
export function maximum(z: usize, count: u32): f32 {
  const infinity = f32x4.splat(INFINITY);
  const lowest = f32x4.splat(-INFINITY);
  let lanes = lowest;
  let isBelowInfinity = i32x4.splat(-1);
  const grouped = (<usize>(count & ~15)) << 2;
  for (let i: usize = 0; i < grouped; i += 64) {
    const z0 = v128.load(z + i);
    const z1 = v128.load(z + i, 16);
    const z2 = v128.load(z + i, 32);
    const z3 = v128.load(z + i, 48);
    lanes = f32x4.pmax(lanes, f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3)));
    const both01 = v128.and(f32x4.lt(z0, infinity), f32x4.lt(z1, infinity));
    const both23 = v128.and(f32x4.lt(z2, infinity), f32x4.lt(z3, infinity));
    isBelowInfinity = v128.and(isBelowInfinity, v128.and(both01, both23));
  }
  for (let i = grouped, end = (<usize>count) << 2; i < end; i += 16) {
    const value = v128.bitselect(v128.load(z + i), lowest, lanesBelow((end - i) >> 2));
    lanes = f32x4.pmax(lanes, value);
    isBelowInfinity = v128.and(isBelowInfinity, f32x4.lt(value, infinity));
  }
  return i32x4.all_true(isBelowInfinity) ? maxLane(lanes) : NaN;
}

/** The sum of the four lanes. */
@inline
function sumLanes(sums: v128): f64 {
  return (
    <f64>f32x4.extract_lane(sums, 0) +
    <f64>f32x4.extract_lane(sums, 1) +
    (<f64>f32x4.extract_lane(sums, 2) + <f64>f32x4.extract_lane(sums, 3))
  );
}

/** Stores the first `count` lanes, at most four, and returns them with zeros in the others. */
@inline
export function storeUpTo(at: usize, values: v128, count: usize): v128 {
  if (count >= 4) {
    v128.store(at, values);
    return values;
  }
  const first = v128.and(values, lanesBelow(count));
  store<f32>(at, f32x4.extract_lane(first, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(first, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(first, 2), 8);
  return first;
}

/**
 * Replaces z by exp((z − max)·inverse), inverse being 1/temperature and max finite, and divides it by the `divisors`, unless
 * their address is 0. Returns the sum. z − max may overflow: exp(−∞) is 0.
 */
export function exponentiate(z: usize, count: u32, max: f32, inverse: f32, divisors: usize = 0): f64 {
  const maxima = f32x4.splat(max);
  const inverses = f32x4.splat(inverse);
  const end = (<usize>count) << 2;
  const grouped = (<usize>(count & ~15)) << 2;
  let total: f64 = 0;
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < grouped; i += 64) {
    expSixteen(z + i, maxima, inverses);
    let e0 = v128.load(z + i);
    let e1 = v128.load(z + i, 16);
    let e2 = v128.load(z + i, 32);
    let e3 = v128.load(z + i, 48);
    if (divisors != 0) {
      e0 = f32x4.div(e0, v128.load(divisors + i));
      e1 = f32x4.div(e1, v128.load(divisors + i, 16));
      e2 = f32x4.div(e2, v128.load(divisors + i, 32));
      e3 = f32x4.div(e3, v128.load(divisors + i, 48));
      v128.store(z + i, e0);
      v128.store(z + i, e1, 16);
      v128.store(z + i, e2, 32);
      v128.store(z + i, e3, 48);
    }
    sums = f32x4.add(f32x4.add(f32x4.add(f32x4.add(sums, e0), e1), e2), e3);
    if ((i & SUM_MASK) == SUM_MASK) {
      total += sumLanes(sums);
      sums = f32x4.splat(0);
    }
  }
  for (let i = grouped; i < end; i += 16) {
    let e = exp(f32x4.mul(f32x4.sub(v128.load(z + i), maxima), inverses));
    if (divisors != 0) e = f32x4.div(e, v128.load(divisors + i));
    sums = f32x4.add(sums, storeUpTo(z + i, e, (end - i) >> 2));
  }
  return total + sumLanes(sums);
}

/** Stores a partial softmax. */
@inline
export function storePartial(at: usize, max: f32, shift: f32, sumExp: f64): void {
  store<f32>(at, max);
  store<f32>(at, shift, 4);
  store<f64>(at, sumExp, 8);
}

/** Replaces a chunk of z by exp((z − max)·inverse), inverse being 1/temperature, and stores its partial softmax. */
export function softmaxChunkTo(partial: usize, z: usize, count: u32, inverse: f32): void {
  const max = maximum(z, count);
  if (max > -INFINITY) storePartial(partial, max, 0, exponentiate(z, count, max, inverse));
  else storeEmpty(partial, z, count, max);
}

/** Stores the partial softmax of a chunk that is masked, whose values become 0, or degenerate: `max` is −∞ or NaN. */
export function storeEmpty(partial: usize, z: usize, count: u32, max: f32): void {
  if (max == -INFINITY) memory.fill(z, 0, (<usize>count) << 2);
  storePartial(partial, max, 0, 0);
}

/**
 * Replaces a chunk of a row by exp((z − max)/temperature). Results: its partial softmax, with shift = 0. max is NaN if the
 * chunk holds NaN or +∞, and −∞ if all of it is masked, which gives zeros.
 */
export function softmaxChunk(z: usize, count: u32, temperature: f64): void {
  softmaxChunkTo(RESULT, z, count, <f32>(1 / temperature));
}

/** The same for rows, or for one chunk of a row, that stores the partial softmax of each at `partials`. */
export function partialSoftmaxRows(
  z: usize, rows: u32, categories: u32, temperature: f64, partials: usize,
): void {
  const inverse = <f32>(1 / temperature);
  for (let row: u32 = 0; row < rows; row++, z += (<usize>categories) << 2, partials += PARTIAL_BYTES) {
    softmaxChunkTo(partials, z, categories, inverse);
  }
}

/**
 * Reduces the partial softmaxes of a row's chunks to the factor that makes each chunk's exponentials probabilities,
 * exp((chunk's maximum − row's maximum)/temperature)/(row's sumExp), and puts it in the place of `max`. NaN for all chunks of a
 * degenerate row.
 */
export function chunkFactors(partials: usize, chunks: u32, temperature: f64): void {
  reducePartials(partials, chunks, <f32>(1 / temperature));
}

function reducePartials(partials: usize, chunks: u32, inverse: f32): void {
  const end = partials + <usize>chunks * PARTIAL_BYTES;
  let isDegenerate = false;
  let rowMax: f32 = -INFINITY;
  let rowShift: f32 = 0;
  for (let at = partials; at < end; at += PARTIAL_BYTES) {
    const max = load<f32>(at);
    const shift = load<f32>(at, 4);
    if (isNaN(max)) isDegenerate = true;
    // The order of the sums shift + max, exactly.
    if (max > -INFINITY && <f64>shift - <f64>rowShift > <f64>rowMax - <f64>max) {
      rowMax = max;
      rowShift = shift;
    }
  }
  if (rowMax == -INFINITY) isDegenerate = true;
  let rowSum: f64 = 0;
  for (let at = partials; at < end; at += PARTIAL_BYTES) {
    const difference = <f64>load<f32>(at, 4) - <f64>rowShift + (<f64>load<f32>(at) - <f64>rowMax);
    const rescaling = f32x4.extract_lane(expOf(f32x4.splat(<f32>(difference * <f64>inverse))), 0);
    rowSum += <f64>rescaling * load<f64>(at, 8);
    store<f32>(at, rescaling);
  }
  for (let at = partials; at < end; at += PARTIAL_BYTES) {
    store<f32>(at, isDegenerate ? NaN : <f32>(<f64>load<f32>(at) / rowSum));
  }
}

/** Turns the exponentials of a row's chunks, whose partial softmaxes are in {@link PARTIALS}, into probabilities. */
export function normalize(row: usize, categories: u32, inverse: f32): void {
  if (categories <= CHUNK) {
    // What chunkFactors comes to for a single chunk.
    multiply(row, categories, load<f32>(PARTIALS) > -INFINITY ? <f32>(1 / load<f64>(PARTIALS, 8)) : NaN);
    return;
  }
  reducePartials(PARTIALS, (categories + CHUNK - 1) / CHUNK, inverse);
  for (let begin: u32 = 0, partial = PARTIALS; begin < categories; begin += CHUNK, partial += PARTIAL_BYTES) {
    multiply(row + ((<usize>begin) << 2), min(CHUNK, categories - begin), load<f32>(partial));
  }
}

/** Multiplies values by a factor. */
export function multiply(values: usize, count: u32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = (<usize>(count & ~3)) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    v128.store(values + i, f32x4.mul(v128.load(values + i), factors));
  }
  if (count & 3) storeUpTo(values + whole, f32x4.mul(v128.load(values + whole), factors), count & 3);
}
