// topP: the categories before which less than the mass p·Z lies, without a sort. A list that holds all of them, and perhaps more,
// is enough to draw from: draw among it, and the winner is the answer if it is itself kept; if not, draw again among those before it.
import { MAXIMA, MAXIMA_WEIGHTS, SAMPLE } from "./memory-layout";
import {
  logitOf, logitOfQuick, massAbove, massOf, massOfWeightsAbove, QUICK_ABOVE, QUICK_BELOW, quickMax, quickSlope, quickSum, quickWeights,
  storeWeights, SUM_ERROR, UNIT,
} from "./mass";
import { ofSortableBits, sortableBits } from "./sortable-bits";
import { chunkBytes, chunks, clearList, collect, countEqual, keepAbove, size, values } from "./survivors";

const INFINITY: f32 = f32.MAX_VALUE * 2;
const LOG_2: f64 = 0.6931471805599453;

/** Shorter rows are taken whole: a guess from a sample would cost as much. */
const SHORTEST_GUESSED: u32 = 2048;

/** Bits of the float 1, as those of the largest quick weight. */
const ONE: i32 = 127 << 23;

/** Of the row: p, bounds of {@link limitOf} its mass (equal ones where it is known), and where to sum it. */
let p: f64 = 1;
let below: i64 = 0;
let above: i64 = 0;
let allLogits: usize = 0;
let allCount: u32 = 0;
/** Chunks of which four categories are in {@link SAMPLE}. */
let sampled: u32 = 0;

/** The mass of a whole row or list, from which the mass before a kept category is less: p of it. The first is always kept. */
function limitOf(mass: i64): i64 {
  return max<i64>(1, <i64>ceil(p * <f64>mass));
}

/** Prepares topP of what the list holds. */
export function limitToList(share: f64): void {
  p = share;
  setExact(massAbove(values, size, values, -INFINITY));
}

function setExact(mass: i64): void {
  below = limitOf(mass);
  above = below;
}

/**
 * Fills the list with categories of a row, all that topP keeps among them: those from a bound on that a sample suggests, if their mass
 * proves that it is right. The first bound leaves out three quarters of what may be left out, which is right in 95 % of rows, the second
 * a quarter of it, and the third is right for any row.
 */
export function narrow(row: usize, count: u32, share: f64): void {
  p = share;
  allLogits = row;
  allCount = count;
  if (count < SHORTEST_GUESSED) {
    collect(row, count, -f32.MAX_VALUE);
    limitToList(p);
    return;
  }
  const quick = quickSum(row, count);
  const tail = ((1 - p) * quick) / UNIT;
  sample(row, count);
  for (let attempt = 0; ; attempt++) {
    clearList();
    const isLast = attempt == 2;
    collect(row, count, isLast ? safeBound(tail, count) : guess((attempt == 0 ? 0.73 : 0.22) * tail));
    const mass = massAbove(values, size, values, -INFINITY);
    if (size == count) {
      setExact(mass);
      return;
    }
    const sum = <f64>mass;
    const rest = max(0, quick - quickSum(values, size));
    below = max<i64>(1, <i64>(p * (sum + rest / QUICK_ABOVE - SUM_ERROR * quick)));
    above = max<i64>(1, <i64>(p * (sum + rest * QUICK_BELOW + SUM_ERROR * quick)));
    // The list has p of the mass, so nothing behind it is kept.
    if (isLast || sum >= <f64>above) return;
  }
}

/** A finite float that is not above a number, and near it. */
function floorToFloat(value: f64): f32 {
  return max(-f32.MAX_VALUE, <f32>(value - abs(value) * 2.4e-7));
}

/**
 * A bound below which less than `tail` of weights can lie, `tail` being at most that of the quick sum: where each of `count`
 * categories had less than its share of it. Bounds the logarithm by the bits, as the lazy argmax does.
 */
function safeBound(tail: f64, count: u32): f32 {
  const share = <f32>(tail / QUICK_ABOVE / <f64>count * 0.99);
  const log2 = <f64>reinterpret<i32>(share) / 8388608 - 127;
  return floorToFloat(logitOf(log2 * LOG_2));
}

/** Stores the quick weights of the first four categories of each chunk, and of the maxima of chunks. */
function sample(row: usize, count: u32): void {
  const max = quickMax();
  const slope = quickSlope();
  sampled = count / (<u32>chunkBytes >> 2);
  for (let chunk: u32 = 0; chunk < sampled; chunk++) {
    v128.store(SAMPLE + (<usize>chunk << 4), quickWeights(v128.load(row + chunk * chunkBytes), max, slope));
  }
  for (let i: usize = 0; i < <usize>chunks << 2; i += 16) {
    v128.store(MAXIMA_WEIGHTS + i, quickWeights(v128.load(MAXIMA + i), max, slope));
  }
}

/** Sum of those of some weights that are below a bound. */
function sumBelow(weights: usize, count: u32, bound: f32): f64 {
  const bounds = f32x4.splat(bound);
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  for (let i: usize = 0, end = <usize>(count & ~7) << 2; i < end; i += 32) {
    const w0 = v128.load(weights + i);
    const w1 = v128.load(weights + i, 16);
    even = f32x4.add(even, v128.and(w0, f32x4.lt(w0, bounds)));
    odd = f32x4.add(odd, v128.and(w1, f32x4.lt(w1, bounds)));
  }
  const sums = f32x4.add(even, odd);
  return (
    <f64>(f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1)) +
    <f64>(f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3))
  );
}

/** A bound below which, by the sample, lie weights of about `tail`, and no more. */
function guess(tail: f64): f32 {
  let low = 0;
  let high = ONE;
  const scale = <f64>(chunkBytes >> 4);
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) >> 1;
    const bound = reinterpret<f32>(middle);
    const estimate = scale * sumBelow(SAMPLE, sampled << 2, bound) + sumBelow(MAXIMA_WEIGHTS, chunks, bound);
    if (estimate <= tail) low = middle;
    else high = middle;
  }
  return floorToFloat(logitOfQuick(low));
}

/** Whether topP keeps the category at a place of the list; if not, drops it and those behind it. */
export function acceptOrDrop(place: u32): bool {
  const logit = load<f32>(values + (<usize>place << 2));
  const ties = countEqual(values, place, logit);
  const before = massAbove(values, size, values, logit) + <i64>ties * massOf(logit);
  if (before < below) return true;
  if (before < above) {
    setExact(massAbove(allLogits, allCount, allLogits, -INFINITY));
    if (before < below) return true;
  }
  keepAbove(values, logit, ties);
  return false;
}

/** Keeps what topP keeps, of a list that {@link narrow} or {@link limitToList} prepared. Overwrites the row. */
export function keepTopP(row: usize, largest: f32): void {
  if (below != above) setExact(massAbove(allLogits, allCount, allLogits, -INFINITY));
  keepMass(values, row, largest, below);
}

/**
 * Keeps the categories of the list before which less than a mass lies in the order of falling keys, none of which is above `highest`.
 * Writes the list's weights.
 */
function keepMass(keys: usize, weights: usize, highest: f32, limit: i64): void {
  storeWeights(weights, values, size);
  // The least bound above which less than the limit lies: the key of the last category that is kept.
  let low = sortableBits(-INFINITY);
  let high = sortableBits(highest);
  let mass: i64 = 0;
  while (<u32>(high - low) > 1) {
    const middle = low + <i32>(<u32>(high - low) >> 1);
    const ofMiddle = massOfWeightsAbove(weights, size, keys, ofSortableBits(middle));
    if (ofMiddle < limit) {
      high = middle;
      mass = ofMiddle;
    } else low = middle;
  }
  const bound = ofSortableBits(high);
  let at: usize = 0;
  while (load<f32>(keys + at) != bound) at += 4;
  // Equal keys are those of equal logits, but for rounding.
  const each = massOf(load<f32>(values + at));
  keepAbove(keys, bound, each == 0 ? u32.MAX_VALUE : <u32>min<i64>((limit - mass + each - 1) / each, u32.MAX_VALUE));
}

/** Keeps what typicalP keeps, by keys that are minus the distance of the information from the entropy. Overwrites the row. */
export function keepTypical(row: usize, keys: usize, share: f64): void {
  p = share;
  keepMass(keys, row, 0, limitOf(massAbove(values, size, values, -INFINITY)));
}
