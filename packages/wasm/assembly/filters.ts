// Filters of a row, in their order: topNSigma, topK, topP, minP, typicalP, epsilonCutoff, etaCutoff. The mask is −∞ by now.
import { select } from "./arithmetic";
import { acceptOrDrop, keepTopP, keepTypical, limitToList, narrow } from "./keep-top-p";
import { keepTopK } from "./keep-top-k";
import { logitOf, massAbove, meanOf, scaled, setScale, UNIT } from "./mass";
import { lanesBelow, maximum, storeUpTo } from "./partial-softmax";
import { ceilToFloat } from "./sortable-bits";
import { collect, createList, findMaxima, keepAbove, keepAtLeast, scratch, size, values } from "./survivors";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** τ of the probabilities that filters see. */
let temperature: f64 = 1;
let topNSigma: f64 = 0;
let topK: u32 = 0;
let topP: f64 = 1;
/** Logarithms, −∞ where they are off. */
let logMinP: f64 = -Infinity;
let typicalP: f64 = 1;
let logEpsilon: f64 = -Infinity;
let logEta: f64 = -Infinity;
/** Whether topP is still to be applied to the list, by {@link accepts}. */
let isPending: bool = false;

/** Sets the filters of the rows that follow. minP and the cut-offs are given by their logarithms. */
export function setFilters(
  tau: f64, nSigma: f64, k: u32, p: f64, logOfMinP: f64, typical: f64, logOfEpsilon: f64, logOfEta: f64,
): void {
  temperature = tau;
  topNSigma = nSigma;
  topK = k;
  topP = p;
  logMinP = logOfMinP;
  typicalP = typical;
  logEpsilon = logOfEpsilon;
  logEta = logOfEta;
}

/**
 * Fills the list at `lists` with what the filters keep of a row, which is overwritten. With `isDrawn`, topP may leave more in it, and
 * {@link accepts} then judges a category that was drawn. Returns whether there is something to draw: not if all are masked, or one is
 * NaN or +∞.
 */
export function filterRow(row: usize, count: u32, lists: usize, isDrawn: bool): bool {
  createList(lists, count);
  isPending = false;
  let largest = findMaxima(row, count);
  if (!(largest > -INFINITY)) return false;
  setScale(largest, temperature);
  if (topNSigma > 0) {
    dropBelow(row, count, ceilToFloat(<f64>largest - topNSigma * deviationOf(row, count, largest)));
    findMaxima(row, count);
  }
  const least = max(-f32.MAX_VALUE, ceilToFloat(logitOf(logMinP)));
  const hasMass = topP < 1;
  if (topK > 0 && topK < count) {
    keepTopK(row, count, topK, largest);
    if (hasMass) limitToList(topP);
  } else if (hasMass) narrow(row, count, topP);
  else collect(row, count, least);
  if (hasMass) {
    isPending = isDrawn && typicalP == 1 && logEpsilon == -Infinity && logEta == -Infinity;
    if (!isPending) keepTopP(row, largest);
  }
  if (logMinP > -Infinity) keepAtLeast(least);
  if (typicalP < 1) {
    writeTypicality();
    keepTypical(row, scratch, typicalP);
    // What is left may be far less likely than the largest.
    largest = maximum(values, size);
    setScale(largest, temperature);
  }
  // With s = (logit − max)/temperature: log p = s − log Z, and the entropy is log Z less the mean of s.
  if (logEpsilon > -Infinity) cutOff(largest, logEpsilon + logOfMass());
  if (logEta > -Infinity) {
    cutOff(largest, min(logEta + logOfMass(), logEta / 2 + meanOf(values, size)));
  }
  return true;
}

/** Whether the category at a place of the list, drawn from it, is the sample; if not, those that rank before it are left to be drawn from. */
export function accepts(place: u32): bool {
  return !isPending || acceptOrDrop(place);
}

/** Keeps `(logit − max)/temperature` from a bound on, or the first of the largest. */
function cutOff(largest: f32, bound: f64): void {
  // More than the rounding of sums of logarithms: where all are alike, and as likely as the cut-off says, they stay.
  if (bound < 1e-12) keepAtLeast(ceilToFloat(logitOf(min(0, bound))));
  else keepAbove(values, largest, 1);
}

/** log Z of the list. */
function logOfMass(): f64 {
  return Math.log(<f64>massAbove(values, size, values, -INFINITY) / UNIT);
}

/** Standard deviation of the logits of a row that are not masked. */
function deviationOf(row: usize, count: u32, largest: f32): f64 {
  const lowest = f32x4.splat(-INFINITY);
  const center = f64x2.splat(<f64>largest);
  const end = <usize>count << 2;
  let counts = i32x4.splat(0);
  let sums = f64x2.splat(0);
  let squares = f64x2.splat(0);
  for (let i: usize = 0; i < end; i += 16) {
    const logits = v128.load(row + i);
    let isFinite = f32x4.gt(logits, lowest);
    if (end - i < 16) isFinite = v128.and(isFinite, lanesBelow((end - i) >> 2));
    counts = i32x4.sub(counts, isFinite);
    // The others become the largest, whose distance is 0.
    const finite = select(logits, f32x4.splat(largest), isFinite);
    const low = f64x2.sub(f64x2.promote_low_f32x4(finite), center);
    const high = f64x2.sub(f64x2.promote_low_f32x4(v128.shuffle<f32>(finite, finite, 2, 3, 0, 1)), center);
    sums = f64x2.add(sums, f64x2.add(low, high));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  const n = <f64>(
    i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) + i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3)
  );
  const mean = (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)) / n;
  return sqrt(max(0, (f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1)) / n - mean * mean));
}

/** Masks the logits below a bound. */
function dropBelow(row: usize, count: u32, least: f32): void {
  const bound = f32x4.splat(least);
  const lowest = f32x4.splat(-INFINITY);
  for (let i: usize = 0, end = <usize>count << 2; i < end; i += 16) {
    const logits = v128.load(row + i);
    storeUpTo(row + i, select(logits, lowest, f32x4.ge(logits, bound)), (end - i) >> 2);
  }
}

/** Writes minus the distance of `(logit − max)/temperature` from its mean, of the whole list: of the information from the entropy. */
function writeTypicality(): void {
  const mean = f32x4.splat(<f32>meanOf(values, size));
  for (let i: usize = 0, end = <usize>size << 2; i < end; i += 16) {
    const distance = f32x4.abs(f32x4.sub(scaled(v128.load(values + i)), mean));
    v128.store(scratch + i, f32x4.neg(distance));
  }
}
