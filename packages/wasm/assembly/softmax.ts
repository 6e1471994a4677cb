// Weights relative to a maximum, their sum, and probabilities.
import { LANE } from "./arithmetic";
import { exp } from "./exp";
import { BLOCK, MASS, MASSES, PART, RESULT, WORDS } from "./layout";
import { fillExponentials } from "./noise";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/**
 * Elements that one float32 sum takes, a quarter in each lane: over 150,000 elements one would lose 3e-5. As the bits of a place
 * that are all ones at the end of each 512 elements.
 */
const SUMMED_MASK: usize = (512 - 16) << 2;

/** The largest of many values; NaN or ∞ where there is one, −∞ where there is nothing else. */
function maximum(z: usize, count: u32): f32 {
  let most = f32x4.splat(-INFINITY);
  let isFine = i32x4.splat(-1);
  const infinity = f32x4.splat(INFINITY);
  const grouped = (<usize>(count & ~15)) << 2;
  const whole = (<usize>(count & ~3)) << 2;
  for (let i: usize = 0; i < grouped; i += 64) {
    const z0 = v128.load(z + i);
    const z1 = v128.load(z + i, 16);
    const z2 = v128.load(z + i, 32);
    const z3 = v128.load(z + i, 48);
    most = f32x4.pmax(most, f32x4.pmax(f32x4.pmax(z0, z1), f32x4.pmax(z2, z3)));
    const fine01 = v128.and(f32x4.lt(z0, infinity), f32x4.lt(z1, infinity));
    isFine = v128.and(isFine, v128.and(fine01, v128.and(f32x4.lt(z2, infinity), f32x4.lt(z3, infinity))));
  }
  for (let i = grouped; i < whole; i += 16) {
    const value = v128.load(z + i);
    most = f32x4.pmax(most, value);
    isFine = v128.and(isFine, f32x4.lt(value, infinity));
  }
  let all = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  if (!i32x4.all_true(isFine)) return NaN;
  for (let i = whole, end = (<usize>count) << 2; i < end; i += 4) all = max(all, load<f32>(z + i));
  return all < INFINITY ? all : NaN;
}

@inline
function sumOfLanes(sums: v128): f64 {
  return (
    <f64>f32x4.extract_lane(sums, 0) +
    <f64>f32x4.extract_lane(sums, 1) +
    (<f64>f32x4.extract_lane(sums, 2) + <f64>f32x4.extract_lane(sums, 3))
  );
}

/** exp((z − top)/temperature), where scale is 2/temperature: the difference of halves cannot overflow. */
@inline
function weightOf(z: v128, halfTop: v128, scale: v128): v128 {
  const half = f32x4.mul(z, f32x4.splat(0.5));
  const exponent = f32x4.mul(f32x4.sub(half, halfTop), scale);
  const w = exp(exponent);
  return w;
}

/** Stores the first one to three lanes, and returns them with zeros behind. */
function storeSome(at: usize, values: v128, count: u32): v128 {
  const some = v128.and(values, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
  store<f32>(at, f32x4.extract_lane(some, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(some, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(some, 2), 8);
  return some;
}

/** Replaces finite or masked values by their weights relative to a finite top, and returns the sum. */
function weighBy(z: usize, count: u32, top: f32, scale: f32): f64 {
  const halfTop = f32x4.splat(top * 0.5);
  const scales = f32x4.splat(scale);
  const end = (<usize>count) << 2;
  const grouped = (<usize>(count & ~15)) << 2;
  const whole = (<usize>(count & ~3)) << 2;
  let total: f64 = 0;
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < grouped; i += 64) {
    lockstep: {
      const w = weightOf(v128.load(z + i, LANE), halfTop, scales);
      v128.store(z + i, w, LANE);
      sums = f32x4.add(sums, w);
    }
    if ((i & SUMMED_MASK) == SUMMED_MASK) {
      total += sumOfLanes(sums);
      sums = f32x4.splat(0);
    }
  }
  for (let i = grouped; i < whole; i += 16) {
    const w = weightOf(v128.load(z + i), halfTop, scales);
    v128.store(z + i, w);
    sums = f32x4.add(sums, w);
  }
  if (whole < end) {
    const w = weightOf(v128.load(z + whole), halfTop, scales);
    sums = f32x4.add(sums, storeSome(z + whole, w, count & 3));
  }
  return total + sumOfLanes(sums);
}

@inline
function keepMass(at: usize, top: f32, sum: f64): void {
  store<f32>(at, top);
  store<f64>(at, sum, 8);
}

function weighPart(z: usize, count: u32, scale: f32, mass: usize): void {
  const top = maximum(z, count);
  if (top > -INFINITY) keepMass(mass, top, weighBy(z, count, top, scale));
  else {
    if (top == -INFINITY) memory.fill(z, 0, (<usize>count) << 2);
    keepMass(mass, top, 0);
  }
}

/**
 * Replaces a part's perturbed logits by their weights exp((z − top)/temperature). Results: top and the sum of the weights. top is
 * NaN where there is NaN or +∞, and −∞ where all are masks, whose weights are 0.
 */
export function weigh(z: usize, count: u32, scale: f32): void {
  weighPart(z, count, scale, RESULT);
}

/**
 * Turns the masses of a row's parts into what makes their weights probabilities, in the tops' places; NaN for all where one is
 * degenerate or all are masks.
 */
export function factorsOf(masses: usize, parts: u32, scale: f32): void {
  const end = masses + <usize>parts * MASS;
  let top = -INFINITY;
  for (let at = masses; at < end; at += MASS) top = max(top, load<f32>(at));
  const isSound = top > -INFINITY;
  let total: f64 = 0;
  for (let at = masses; at < end; at += MASS) {
    const weight = weightOf(v128.load32_splat(at), f32x4.splat(top * 0.5), f32x4.splat(scale));
    const factor = f32x4.extract_lane(weight, 0);
    total += <f64>factor * load<f64>(at, 8);
    store<f32>(at, factor);
  }
  for (let at = masses; at < end; at += MASS) {
    store<f32>(at, isSound ? <f32>(<f64>load<f32>(at) / total) : NaN);
  }
}

/** Makes probabilities of a row whose parts are weighed. */
function normalise(row: usize, classes: u32, scale: f32): void {
  if (classes <= PART) {
    // What factorsOf comes to: the part's own top is the row's.
    multiply(row, classes, load<f32>(MASSES) > -INFINITY ? <f32>(1 / load<f64>(MASSES, 8)) : NaN);
    return;
  }
  factorsOf(MASSES, (classes + PART - 1) / PART, scale);
  for (let begin: u32 = 0, mass = MASSES; begin < classes; begin += PART, mass += MASS) {
    multiply(row + ((<usize>begin) << 2), min(PART, classes - begin), load<f32>(mass));
  }
}

/** Values times a factor. */
function multiply(values: usize, count: u32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const whole = (<usize>(count & ~3)) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    v128.store(values + i, f32x4.mul(v128.load(values + i), factors));
  }
  for (let i = whole, end = (<usize>count) << 2; i < end; i += 4) {
    store<f32>(values + i, load<f32>(values + i) * factor);
  }
}

/** Replaces rows of perturbed logits by their probabilities, or by NaN where a row is degenerate. */
export function softmaxOfRows(z: usize, rows: u32, classes: u32, scale: f32): void {
  for (let row: u32 = 0; row < rows; row++, z += (<usize>classes) << 2) {
    for (let begin: u32 = 0, mass = MASSES; begin < classes; begin += PART, mass += MASS) {
      weighPart(z + ((<usize>begin) << 2), min(PART, classes - begin), scale, mass);
    }
    normalise(z, classes, scale);
  }
}

/** Replaces logits by exp(logit − top)/E, with as many exponentials E, and returns the sum. */
function raceAgainst(logits: usize, exponentials: usize, count: u32, top: f32): f64 {
  const tops = f32x4.splat(top);
  const end = (<usize>count) << 2;
  const grouped = (<usize>(count & ~15)) << 2;
  const whole = (<usize>(count & ~3)) << 2;
  let total: f64 = 0;
  let sums = f32x4.splat(0);
  for (let i: usize = 0; i < grouped; i += 64) {
    lockstep: {
      const power = exp(f32x4.sub(v128.load(logits + i, LANE), tops));
      const w = f32x4.div(power, v128.load(exponentials + i, LANE));
      v128.store(logits + i, w, LANE);
      sums = f32x4.add(sums, w);
    }
    if ((i & SUMMED_MASK) == SUMMED_MASK) {
      total += sumOfLanes(sums);
      sums = f32x4.splat(0);
    }
  }
  for (let i = grouped; i < whole; i += 16) {
    const w = f32x4.div(exp(f32x4.sub(v128.load(logits + i), tops)), v128.load(exponentials + i));
    v128.store(logits + i, w);
    sums = f32x4.add(sums, w);
  }
  if (whole < end) {
    const w = f32x4.div(exp(f32x4.sub(v128.load(logits + whole), tops)), v128.load(exponentials + whole));
    sums = f32x4.add(sums, storeSome(logits + whole, w, count & 3));
  }
  return total + sumOfLanes(sums);
}

function racePart(
  logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, mass: usize,
): void {
  const top = maximum(logits, count);
  let sum: f64 = 0;
  if (top > -INFINITY) {
    for (let done: u32 = 0; done < count; done += BLOCK) {
      const length = min(BLOCK, count - done);
      fillExponentials(length, k0, k1, hi, lo + done, isJax);
      sum += raceAgainst(logits + ((<usize>done) << 2), WORDS, length, top);
    }
  } else if (top == -INFINITY) memory.fill(logits, 0, (<usize>count) << 2);
  keepMass(mass, top, sum);
}

/**
 * Replaces a part's logits by their weights at temperature 1, exp(logit − top)/E with E = −log u: as {@link weigh} after `perturb`,
 * and one logarithm less. Results as there, but top is the largest logit.
 */
export function race(logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  racePart(logits, count, k0, k1, hi, lo, isJax, RESULT);
}

/** Replaces rows of logits, whose noise has consecutive counters, by their samples at temperature 1. */
export function raceRows(
  logits: usize, rows: u32, classes: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool,
): void {
  if (classes <= BLOCK) raceShortRows(logits, rows, classes, k0, k1, hi, lo, isJax);
  else raceLongRows(logits, rows, classes, k0, k1, hi, lo, isJax);
}

function raceLongRows(
  logits: usize, rows: u32, classes: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool,
): void {
  for (let row: u32 = 0; row < rows; row++, logits += (<usize>classes) << 2) {
    for (let begin: u32 = 0, mass = MASSES; begin < classes; begin += PART, mass += MASS) {
      const count = min(PART, classes - begin);
      racePart(logits + ((<usize>begin) << 2), count, k0, k1, hi, lo, isJax, mass);
      lo += count;
    }
    normalise(logits, classes, 2);
  }
}

/** The same for rows of which one block has several: their exponentials are made together. */
function raceShortRows(
  logits: usize, rows: u32, classes: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool,
): void {
  const bytes = (<usize>classes) << 2;
  const most = BLOCK / classes;
  for (let done: u32 = 0; done < rows; done += most) {
    const count = min(most, rows - done) * classes;
    fillExponentials(count, k0, k1, hi, lo, isJax);
    lo += count;
    for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += bytes, logits += bytes) {
      const top = maximum(logits, classes);
      const factor = top > -INFINITY ? 1 / raceAgainst(logits, WORDS + i, classes, top) : NaN;
      multiply(logits, classes, <f32>factor);
    }
  }
}
