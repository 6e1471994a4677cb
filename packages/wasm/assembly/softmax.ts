// Weights relative to a maximum, their sum, and probabilities.
import { exp } from "./exp";
import { BLOCK, MASS, MASSES, PART, RESULT } from "./layout";
import { exponentialAt } from "./noise";
import { fillScratch } from "./threefry";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** Elements that one float32 sum takes, a quarter in each lane: over 150,000 elements one would lose 3e-5. */
const SUMMED: usize = 512;

/** The largest of many values; NaN or ∞ where there is one, −∞ where there is nothing else. */
function maximum(z: usize, count: u32): f32 {
  let most = f32x4.splat(-INFINITY);
  let isFine = i32x4.splat(-1);
  const infinity = f32x4.splat(INFINITY);
  const whole = (<usize>(count & ~3)) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
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
  return exp(f32x4.mul(f32x4.sub(f32x4.mul(z, f32x4.splat(0.5)), halfTop), scale));
}

/** Replaces finite or masked values by their weights relative to a finite top, and returns the sum. */
function weighBy(z: usize, count: u32, top: f32, scale: f32): f64 {
  const halfTop = f32x4.splat(top * 0.5);
  const scales = f32x4.splat(scale);
  const end = (<usize>count) << 2;
  const whole = (<usize>(count & ~3)) << 2;
  let total: f64 = 0;
  for (let block: usize = 0; block < whole; block += SUMMED << 2) {
    let sums = f32x4.splat(0);
    const stop = min(whole, block + (SUMMED << 2));
    for (let i = block; i < stop; i += 16) {
      const w = weightOf(v128.load(z + i), halfTop, scales);
      v128.store(z + i, w);
      sums = f32x4.add(sums, w);
    }
    total += sumOfLanes(sums);
  }
  for (let i = whole; i < end; i += 4) {
    const w = f32x4.extract_lane(weightOf(v128.load32_splat(z + i), halfTop, scales), 0);
    store<f32>(z + i, w);
    total += w;
  }
  return total;
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

@inline
function raceBy(
  logits: usize, count: u32, top: f32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool,
): f64 {
  const tops = f32x4.splat(top);
  let total: f64 = 0;
  for (let done: u32 = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    fillScratch(length, k0, k1, hi, lo + done);
    const block = logits + ((<usize>done) << 2);
    const whole = (<usize>(length & ~3)) << 2;
    for (let part: usize = 0; part < whole; part += SUMMED << 2) {
      let sums = f32x4.splat(0);
      const stop = min(whole, part + (SUMMED << 2));
      for (let i = part; i < stop; i += 16) {
        const w = f32x4.div(exp(f32x4.sub(v128.load(block + i), tops)), exponentialAt(i, isJax));
        v128.store(block + i, w);
        sums = f32x4.add(sums, w);
      }
      total += sumOfLanes(sums);
    }
    const end = (<usize>length) << 2;
    if (whole < end) {
      // Lane by lane, since what lies behind the last belongs to others.
      const w = f32x4.div(exp(f32x4.sub(v128.load(block + whole), tops)), exponentialAt(whole, isJax));
      v128.store(RESULT, w);
      for (let i = whole; i < end; i += 4) {
        const one = load<f32>(RESULT + (i - whole));
        store<f32>(block + i, one);
        total += one;
      }
    }
  }
  return total;
}

function racePart(
  logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, mass: usize,
): void {
  const top = maximum(logits, count);
  if (top > -INFINITY) {
    const sum = isJax
      ? raceBy(logits, count, top, k0, k1, hi, lo, true)
      : raceBy(logits, count, top, k0, k1, hi, lo, false);
    keepMass(mass, top, sum);
  } else {
    if (top == -INFINITY) memory.fill(logits, 0, (<usize>count) << 2);
    keepMass(mass, top, 0);
  }
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
  for (let row: u32 = 0; row < rows; row++, logits += (<usize>classes) << 2) {
    for (let begin: u32 = 0, mass = MASSES; begin < classes; begin += PART, mass += MASS) {
      const count = min(PART, classes - begin);
      racePart(logits + ((<usize>begin) << 2), count, k0, k1, hi, lo, isJax, mass);
      lo += count;
    }
    normalise(logits, classes, 2);
  }
}
