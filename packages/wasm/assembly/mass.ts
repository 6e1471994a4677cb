// Masses of categories: weights exp((logit − max)/temperature) as integers, whose sums depend on no order, and quick bounds of them.
import { exp, expOf } from "./exp";
import { lanesBelow, storeUpTo } from "./partial-softmax";

/** 2⁴⁰, the mass of the weight 1: the mass of 2²³ categories fits. */
export const UNIT: f64 = 1099511627776;

/** The number at which the last bit of a float64 is 2⁻⁴⁰, and its bits. */
const ANCHOR: f64 = 6144;
const ANCHOR_BITS: i64 = 0x40b8000000000000;

const LOG2_E: f64 = 1.4426950408889634;
const LOG_2: f64 = 0.6931471805599453;

/** Most of what {@link quickSum} exceeds the true sum by, and falls short of it by, as factors: 2^x·(1 + f) ≥ 2^(x + f). */
export const QUICK_ABOVE: f64 = 1.0645;
export const QUICK_BELOW: f64 = 1.002;
/** More than the errors of sums, of either kind, as a share of the quick sum of the row. */
export const SUM_ERROR: f64 = 1e-5;

let largest: f32 = 0;
let temperature: f64 = 1;
let inverse: f32 = 1;

/** Sets the maximum and the temperature. */
export function setScale(max: f32, tau: f64): void {
  largest = max;
  temperature = tau;
  inverse = <f32>(1 / tau);
}

/** `(logit − max)/temperature` of four logits; −∞ where it overflows. */
@inline
export function scaled(logits: v128): v128 {
  return f32x4.mul(f32x4.sub(logits, f32x4.splat(largest)), f32x4.splat(inverse));
}

/** A logit of a given `(logit − max)/temperature`, unrounded. */
export function logitOf(scaledLogit: f64): f64 {
  return <f64>largest + temperature * scaledLogit;
}

/** Two float64 whose bits, less those of the anchor, are the masses of two weights. */
@inline
function anchored(weights: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(weights), f64x2.splat(ANCHOR));
}

/** The mass of sums of anchored weights: of so many, and up to a multiple of four. */
@inline
function unanchored(sums: v128, count: u32): i64 {
  return i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1) - <i64>((count + 3) & ~3) * ANCHOR_BITS;
}

/** Mass of those of some logits whose key is above a bound. All of it: the logits as keys, and −∞. */
export function massAbove(logits: usize, count: u32, keys: usize, bound: f32): i64 {
  const bounds = f32x4.splat(bound);
  const end = <usize>count << 2;
  let low = i64x2.splat(0);
  let high = i64x2.splat(0);
  let added: u32 = 0;
  for (let i: usize = 0; i < end; i += 16) {
    let isAbove = f32x4.gt(v128.load(keys + i), bounds);
    if (end - i < 16) isAbove = v128.and(isAbove, lanesBelow((end - i) >> 2));
    if (!v128.any_true(isAbove)) continue;
    const weights = v128.and(exp(scaled(v128.load(logits + i))), isAbove);
    low = i64x2.add(low, anchored(weights));
    high = i64x2.add(high, anchored(v128.shuffle<f32>(weights, weights, 2, 3, 0, 1)));
    added += 4;
  }
  return unanchored(i64x2.add(low, high), added);
}

/** Stores the weights of some logits. */
export function storeWeights(at: usize, logits: usize, count: u32): void {
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 16) {
    storeUpTo(at + i, expOf(scaled(v128.load(logits + i))), (end - i) >> 2);
  }
}

/** The same as {@link massAbove}, of weights that are stored: three times as fast. */
export function massOfWeightsAbove(at: usize, count: u32, keys: usize, bound: f32): i64 {
  const bounds = f32x4.splat(bound);
  const end = <usize>count << 2;
  let low = i64x2.splat(0);
  let high = i64x2.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    let weights = v128.and(v128.load(at + i), f32x4.gt(v128.load(keys + i), bounds));
    if (end - i < 16) weights = v128.and(weights, lanesBelow((end - i) >> 2));
    low = i64x2.add(low, anchored(weights));
    high = i64x2.add(high, anchored(v128.shuffle<f32>(weights, weights, 2, 3, 0, 1)));
  }
  return unanchored(i64x2.add(low, high), count);
}

/** Mass of one logit. */
export function massOf(logit: f32): i64 {
  return i64x2.extract_lane(anchored(expOf(scaled(f32x4.splat(logit)))), 0) - ANCHOR_BITS;
}

/** Mean of `(logit − max)/temperature` of some logits under their masses. */
export function meanOf(logits: usize, count: u32): f64 {
  const end = <usize>count << 2;
  let weightSums = f64x2.splat(0);
  let sums = f64x2.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    // No less than the least argument of exp, at which it is 0.
    const s = f32x4.pmax(scaled(v128.load(logits + i)), f32x4.splat(-88));
    let weights = expOf(s);
    if (end - i < 16) weights = v128.and(weights, lanesBelow((end - i) >> 2));
    const product = v128.and(f32x4.mul(weights, s), f32x4.gt(weights, f32x4.splat(0)));
    weightSums = f64x2.add(weightSums, promotedSum(weights));
    sums = f64x2.add(sums, promotedSum(product));
  }
  return (
    (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) /
    (f64x2.extract_lane(weightSums, 0) + f64x2.extract_lane(weightSums, 1))
  );
}

/** Sums of two pairs of lanes, as float64. */
@inline
function promotedSum(lanes: v128): v128 {
  return f64x2.add(
    f64x2.promote_low_f32x4(lanes),
    f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1)),
  );
}

/**
 * Weights of four logits, 1 to 1.0615 times too large: the exponent and the mantissa of 2^x·(1 + f) are x + f, as a fixed-point
 * number, with eleven digits behind the point. `slope` is log₂e/temperature.
 */
@inline
export function quickWeights(logits: v128, max: v128, slope: v128): v128 {
  const x = f32x4.pmax(f32x4.mul(f32x4.sub(logits, max), slope), f32x4.splat(-126));
  return i32x4.shl(f32x4.add(x, f32x4.splat(<f32>(ANCHOR + 127))), 12);
}

/** The `max` of {@link quickWeights}, and its `slope`. */
export function quickMax(): v128 {
  return f32x4.splat(largest);
}
export function quickSlope(): v128 {
  return f32x4.splat(<f32>(LOG2_E / temperature));
}

/** The logit of a quick weight, less than a rounding above it. */
export function logitOfQuick(bits: i32): f64 {
  return logitOf((<f64>bits / 8388608 - 127) * LOG_2);
}

/** Quick sum of the weights of some logits, times {@link UNIT}. */
export function quickSum(logits: usize, count: u32): f64 {
  const max = quickMax();
  const slope = quickSlope();
  const end = <usize>count << 2;
  let total: f64 = 0;
  for (let begin: usize = 0; begin < end; begin += 1024) {
    const stop = min(begin + 1024, end);
    let even = f32x4.splat(0);
    let odd = f32x4.splat(0);
    let i = begin;
    for (; i + 32 <= stop; i += 32) {
      even = f32x4.add(even, quickWeights(v128.load(logits + i), max, slope));
      odd = f32x4.add(odd, quickWeights(v128.load(logits + i, 16), max, slope));
    }
    for (; i < stop; i += 16) {
      const weights = quickWeights(v128.load(logits + i), max, slope);
      even = f32x4.add(even, v128.and(weights, lanesBelow((stop - i) >> 2)));
    }
    const sums = promotedSum(f32x4.add(even, odd));
    total += f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  }
  return total * UNIT;
}
