// Categorical samples of rows whose noise has consecutive counters: argmax(logits/temperature + g).
//
// The order is exact: with (L, G) the logit and the noise of the argmax so far, a logit l with noise g replaces it if
// `l − L > temperature·(G − g)`, in float64. So logits of any size leave the noise its digits, and temperature 0 gives the mode.
import { select } from "./arithmetic";
import { fillGumbel, gumbelAt } from "./gumbel";
import { RESULT, TILE, WORDS } from "./memory-layout";
import { lanesBelow, maximum, maxLane } from "./partial-softmax";
import { fillTile, fillTileAt } from "./threefry";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/** Shorter rows get all of their noise: too many of their elements would pass the lazy argmax's bound for it to gain. */
const SHORTEST_LAZY: u32 = 256;

/** ln 2/2²³: the bits of a float, read as an integer, times this are a lower bound of its logarithm plus the exponent's bias. */
const LOG_PER_BIT: f64 = 0.6931471805599453 / 8388608;
/** (127 + 31)·ln 2: that bias, and the 31 bits of the integer t in {@link boundOf}. */
const LOG_OF_UNIT: f64 = 158 * 0.6931471805599453;
/** More than the errors, over the temperature, of the noise (2⁻²⁰·44) and of float32 sums with it (a few times 2⁻²⁴·110). */
const SLACK: f64 = 2e-4;

/** The argmax of the elements so far: its index, its logit and its noise. */
let maxIndex: i32 = -1;
let maxLogit: f32 = 0;
let maxNoise: f32 = 0;
/** Of {@link boundOf}: the argmax's logit, as a finite number, and the least bound of an element that may replace it. */
let pivot: f32 = 0;
let threshold: f32 = 0;

/** Before the first element: no argmax. */
function clear(): void {
  maxIndex = -1;
  maxLogit = -INFINITY;
  maxNoise = 0;
  // Let every finite logit pass the bound, and no masked one.
  pivot = -f32.MAX_VALUE;
  threshold = -f32.MAX_VALUE;
}

/** Compares an element with the argmax so far. */
@inline
function consider(index: i32, logit: f32, noise: f32, temperature: f64): void {
  // False for a masked logit, also before there is an argmax: −∞ − −∞ is NaN.
  if (<f64>logit - <f64>maxLogit > temperature * (<f64>maxNoise - <f64>noise)) {
    maxIndex = index;
    maxLogit = logit;
    maxNoise = noise;
    pivot = logit;
    threshold = <f32>(temperature * (<f64>noise - SLACK - LOG_OF_UNIT));
  }
}

/** The same for one to four elements whose words are `at` bytes into the tile. */
function considerFour(
  logits: usize, at: usize, index: i32, count: usize, isJax: bool, temperature: f64,
): void {
  v128.store(RESULT, gumbelAt(at, isJax));
  for (let lane: usize = 0; lane < count; lane++) {
    const offset = lane << 2;
    consider(index + <i32>lane, load<f32>(logits + offset), load<f32>(RESULT + offset), temperature);
  }
}

/**
 * An upper bound of `l − L + temperature·g`, less temperature·{@link LOG_OF_UNIT}, without a logarithm. With t = ⌊¬word/2⌋·2⁻³¹,
 * `−log u ≥ 1 − u ≥ t`, so g ≤ −log t. The bits of the float t, exponent and mantissa read as one integer, bound log₂ t from
 * below, because log₂(1 + f) ≥ f. In the upper tail of the noise, where the argmax is, the bound of g is at most 0.06 too high.
 */
@inline
function boundOf(logits: v128, word: v128, pivots: v128, slope: v128): v128 {
  const t = f32x4.convert_i32x4_s(i32x4.shr_u(v128.not(word), 1));
  return f32x4.sub(f32x4.sub(logits, pivots), f32x4.mul(f32x4.convert_i32x4_s(t), slope));
}

/**
 * Lazy argmax of a row: argmax(logits/temperature + g). The noise of an element is computed only if an upper bound of it, taken
 * from the random word alone, lets the element be the argmax: a few dozen of 150,000. Counters are consecutive, or, of categories
 * whose `ids` are at an address, `hi·2³² + lo + id·stride`.
 */
function lazyArgmax(
  logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, temperature: f64,
  ids: usize = 0, stride: u64 = 1,
): void {
  clear();
  const slope = f32x4.splat(<f32>(temperature * LOG_PER_BIT));
  const infinity = f32x4.splat(INFINITY);
  let isBelowInfinity = i32x4.splat(-1);
  for (let done: u32 = 0; done < count; done += TILE) {
    const length = min(TILE, count - done);
    if (ids == 0) fillTile(length, k0, k1, hi, lo + done);
    else fillTileAt(ids + ((<usize>done) << 2), length, k0, k1, hi, lo, stride);
    const tile = logits + ((<usize>done) << 2);
    const grouped = (<usize>(length & ~15)) << 2;
    for (let i: usize = 0; i < grouped; i += 64) {
      const l0 = v128.load(tile + i);
      const l1 = v128.load(tile + i, 16);
      const l2 = v128.load(tile + i, 32);
      const l3 = v128.load(tile + i, 48);
      const both01 = v128.and(f32x4.lt(l0, infinity), f32x4.lt(l1, infinity));
      const both23 = v128.and(f32x4.lt(l2, infinity), f32x4.lt(l3, infinity));
      isBelowInfinity = v128.and(isBelowInfinity, v128.and(both01, both23));
      const pivots = f32x4.splat(pivot);
      const b0 = boundOf(l0, v128.load(WORDS + i), pivots, slope);
      const b1 = boundOf(l1, v128.load(WORDS + i, 16), pivots, slope);
      const b2 = boundOf(l2, v128.load(WORDS + i, 32), pivots, slope);
      const b3 = boundOf(l3, v128.load(WORDS + i, 48), pivots, slope);
      const bound = f32x4.pmax(f32x4.pmax(b0, b1), f32x4.pmax(b2, b3));
      if (v128.any_true(f32x4.ge(bound, f32x4.splat(threshold)))) {
        for (let at = i; at < i + 64; at += 16) {
          const ofFour = boundOf(v128.load(tile + at), v128.load(WORDS + at), f32x4.splat(pivot), slope);
          if (v128.any_true(f32x4.ge(ofFour, f32x4.splat(threshold)))) {
            considerFour(tile + at, at, <i32>(done + (<u32>at >> 2)), 4, isJax, temperature);
          }
        }
      }
    }
    for (let i = grouped, end = (<usize>length) << 2; i < end; i += 16) {
      const rest = min<usize>(4, (end - i) >> 2);
      const isWithin = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>rest));
      const l = v128.load(tile + i);
      isBelowInfinity = v128.and(isBelowInfinity, v128.or(f32x4.lt(l, infinity), v128.not(isWithin)));
      considerFour(tile + i, i, <i32>(done + (<u32>i >> 2)), rest, isJax, temperature);
    }
  }
  if (!i32x4.all_true(isBelowInfinity)) {
    maxLogit = NaN;
    maxIndex = -1;
  }
}

/**
 * The place of argmax(logits/temperature + g) in a list of categories, the lowest one on an exact tie. The logits are finite; the
 * counter of a category is `hi·2³² + lo + id·stride`. With 0 for `ids`, categories and counters are consecutive.
 */
export function argmaxOfList(
  logits: usize, ids: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, stride: u64, isJax: bool, temperature: f64,
): u32 {
  lazyArgmax(logits, count, k0, k1, hi, lo, isJax, temperature, ids, stride);
  return maxIndex;
}

/**
 * Dense argmax of a row: argmax(logits + temperature·g), for noise that is in memory. Takes the float32 sums
 * (logit − max) + temperature·g, and compares exactly only if the largest are too close to tell: in one row of 5,000.
 */
function denseArgmax(logits: usize, noise: usize, count: u32, temperature: f64): void {
  maxIndex = -1;
  maxLogit = maximum(logits, count);
  if (!(maxLogit > -INFINITY)) return;
  const shift = f32x4.splat(maxLogit);
  const temperatures = f32x4.splat(<f32>temperature);
  const lowest = f32x4.splat(-INFINITY);
  let maxima = lowest;
  let indices = i32x4.splat(0);
  // The largest of each lane but its maximum.
  let seconds = lowest;
  let index = i32x4(0, 1, 2, 3);
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 16) {
    const sum = f32x4.add(
      f32x4.sub(v128.load(logits + i), shift),
      f32x4.mul(v128.load(noise + i), temperatures),
    );
    const z = v128.bitselect(sum, lowest, lanesBelow((end - i) >> 2));
    indices = select(index, indices, f32x4.gt(z, maxima));
    seconds = f32x4.pmax(seconds, f32x4.pmin(z, maxima));
    maxima = f32x4.pmax(maxima, z);
    index = i32x4.add(index, i32x4.splat(4));
  }
  const close = f32x4.splat(maxLane(maxima) - <f32>(temperature * SLACK));
  const candidates = i32x4.bitmask(f32x4.ge(maxima, close));
  if ((candidates & (candidates - 1)) != 0 || v128.any_true(f32x4.ge(seconds, close))) {
    exactArgmax(logits, noise, count, temperature);
    return;
  }
  v128.store(RESULT, indices);
  maxIndex = load<i32>(RESULT + ((<usize>ctz(candidates)) << 2));
  maxLogit = load<f32>(logits + ((<usize>maxIndex) << 2));
  maxNoise = load<f32>(noise + ((<usize>maxIndex) << 2));
}

/** The same by comparing every element with the argmax so far. */
function exactArgmax(logits: usize, noise: usize, count: u32, temperature: f64): void {
  clear();
  for (let index: u32 = 0; index < count; index++) {
    const offset = (<usize>index) << 2;
    consider(<i32>index, load<f32>(logits + offset), load<f32>(noise + offset), temperature);
  }
}

/**
 * argmax(logits/temperature + g) of rows, or of one chunk of a row, whose noise has consecutive counters; the lowest index on an
 * exact tie; −1 if all elements are masked, and if one is NaN or +∞. temperature ≥ 0; 0 gives the mode.
 * Results: the logit of the last row's argmax (−∞ if all is masked, NaN if one is NaN or +∞) and, as a float64, its noise.
 */
export function categoricalRows(
  logits: usize, rows: u32, categories: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, indices: usize,
  temperature: f64,
): void {
  if (categories < SHORTEST_LAZY) denseRows(logits, rows, categories, k0, k1, hi, lo, isJax, indices, temperature);
  else {
    for (let row: u32 = 0; row < rows; row++) {
      lazyArgmax(logits, categories, k0, k1, hi, lo, isJax, temperature);
      store<i32>(indices + ((<usize>row) << 2), maxIndex);
      logits += (<usize>categories) << 2;
      lo += categories;
    }
  }
  store<f32>(RESULT, maxLogit);
  store<f64>(RESULT, <f64>maxNoise, 8);
}

/** The same for short rows: the noise of all rows that fit into a tile is computed together. */
function denseRows(
  logits: usize, rows: u32, categories: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, indices: usize,
  temperature: f64,
): void {
  const bytes = (<usize>categories) << 2;
  const most = TILE / categories;
  for (let done: u32 = 0; done < rows; done += most) {
    const count = min(most, rows - done) * categories;
    fillGumbel(count, k0, k1, hi, lo, isJax);
    lo += count;
    for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += bytes, logits += bytes, indices += 4) {
      denseArgmax(logits, WORDS + i, categories, temperature);
      store<i32>(indices, maxIndex);
    }
  }
}
