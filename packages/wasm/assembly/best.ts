// The largest perturbed logit of a row: categorical and hard samples.
import { select } from "./arithmetic";
import { BLOCK, RESULT, WORDS } from "./layout";
import { gumbelAt } from "./noise";
import { fillScratch } from "./threefry";

/** ln 2/2²³: bits of a float as a multiple of its logarithm's distance to that of 2⁻¹²⁷. */
const LOG_PER_BIT: f32 = 8.262958405e-8;
/** Exponent bias, and the 31 bits of the integer that stands for 1 − u. */
const LOG_OF_UNIT: f32 = 158 * 0.6931472;

/** What is known of a row so far. */
let bestZ: f32 = 0;
let bestIndex: i32 = 0;
/** What an upper bound must reach to be looked at. */
let threshold: f32 = 0;

/** Looks at the perturbed logits of one to four elements. */
function consider(logits: usize, at: usize, index: i32, count: usize, isJax: bool): void {
  v128.store(RESULT, f32x4.add(v128.load(logits), gumbelAt(at, isJax)));
  for (let lane: usize = 0; lane < count; lane++) {
    const z = load<f32>(RESULT + (lane << 2));
    if (z > bestZ) {
      bestZ = z;
      bestIndex = index + <i32>lane;
      // The noise's own error, the sum's rounding and the bound's, with room: 2⁻²⁰·44 + 2⁻²³·|z|, several times over.
      threshold = z - (<f32>2e-4 + abs(z) * <f32>9.5367431640625e-7) - LOG_OF_UNIT;
    }
  }
}

/**
 * An upper bound of the perturbed logits, less LOG_OF_UNIT, that takes no logarithm: `−log u ≥ 1 − u ≥ t` with t = ⌊¬w/2⌋·2⁻³¹,
 * so g ≤ −log t, and log₂ t is at least what one reads off the bits of the float t, exponent and mantissa as one number,
 * since log₂(1 + f) ≥ f. It is at most 0.06 too high, in the tail that wins.
 */
@inline
function boundOf(logits: v128, word: v128): v128 {
  const t = f32x4.convert_i32x4_s(i32x4.shr_u(v128.not(word), 1));
  return f32x4.sub(logits, f32x4.mul(f32x4.convert_i32x4_s(t), f32x4.splat(LOG_PER_BIT)));
}

function scan(logits: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  bestZ = -f32.MAX_VALUE * 2;
  bestIndex = -1;
  threshold = bestZ;
  const infinity = f32x4.splat(f32.MAX_VALUE * 2);
  let isFine = i32x4.splat(-1);
  for (let done: u32 = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    fillScratch(length, k0, k1, hi, lo + done);
    const block = logits + ((<usize>done) << 2);
    const grouped = (<usize>(length & ~15)) << 2;
    for (let i: usize = 0; i < grouped; i += 64) {
      const l0 = v128.load(block + i);
      const l1 = v128.load(block + i, 16);
      const l2 = v128.load(block + i, 32);
      const l3 = v128.load(block + i, 48);
      const fine = v128.and(
        v128.and(f32x4.lt(l0, infinity), f32x4.lt(l1, infinity)),
        v128.and(f32x4.lt(l2, infinity), f32x4.lt(l3, infinity)),
      );
      isFine = v128.and(isFine, fine);
      const bound = f32x4.pmax(
        f32x4.pmax(boundOf(l0, v128.load(WORDS + i)), boundOf(l1, v128.load(WORDS + i, 16))),
        f32x4.pmax(boundOf(l2, v128.load(WORDS + i, 32)), boundOf(l3, v128.load(WORDS + i, 48))),
      );
      if (v128.any_true(f32x4.ge(bound, f32x4.splat(threshold)))) {
        for (let at = i; at < i + 64; at += 16) {
          const ofFour = boundOf(v128.load(block + at), v128.load(WORDS + at));
          if (v128.any_true(f32x4.ge(ofFour, f32x4.splat(threshold)))) {
            consider(block + at, at, <i32>(done + (<u32>at >> 2)), 4, isJax);
          }
        }
      }
    }
    for (let i = grouped, end = (<usize>length) << 2; i < end; i += 16) {
      const rest = min<usize>(4, (end - i) >> 2);
      const isWithin = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>rest));
      const l = v128.load(block + i);
      isFine = v128.and(isFine, v128.or(f32x4.lt(l, infinity), v128.not(isWithin)));
      consider(block + i, i, <i32>(done + (<u32>i >> 2)), rest, isJax);
    }
  }
  if (!i32x4.all_true(isFine)) {
    bestZ = NaN;
    bestIndex = -1;
  }
}

/**
 * Indices of the best of rows, or of parts of rows, whose noise has consecutive counters: −1 where all are masks, and where a row
 * is degenerate. Result: z of the last row, NaN where that is degenerate.
 */
export function searchRows(
  logits: usize, rows: u32, classes: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, indices: usize,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    scan(logits, classes, k0, k1, hi, lo, isJax);
    store<i32>(indices + ((<usize>row) << 2), bestIndex);
    logits += (<usize>classes) << 2;
    lo += classes;
  }
  store<f32>(RESULT, bestZ);
}

/**
 * Indices of the largest value of each row; −1 where it holds NaN or +∞, or nothing but −∞. The lowest index on a tie. Result: the
 * largest value of the last row, NaN where that is degenerate.
 */
export function bestOfRows(z: usize, rows: u32, classes: u32, indices: usize): void {
  const infinity: f32 = f32.MAX_VALUE * 2;
  const bytes = (<usize>classes) << 2;
  const whole = (<usize>(classes & ~3)) << 2;
  for (let row: u32 = 0; row < rows; row++, z += bytes) {
    let most = f32x4.splat(-infinity);
    let places = i32x4.splat(-1);
    let isFine = i32x4.splat(-1);
    let place = i32x4(0, 1, 2, 3);
    for (let i: usize = 0; i < whole; i += 16) {
      const value = v128.load(z + i);
      const isBetter = f32x4.gt(value, most);
      most = select(value, most, isBetter);
      places = select(place, places, isBetter);
      isFine = v128.and(isFine, f32x4.lt(value, f32x4.splat(infinity)));
      place = i32x4.add(place, i32x4.splat(4));
    }
    let winner = -infinity;
    let index = -1;
    let fine = i32x4.all_true(isFine);
    for (let lane: usize = 0; lane < 4; lane++) {
      store<v128>(RESULT, most);
      store<v128>(RESULT, places, 16);
      const value = load<f32>(RESULT + (lane << 2));
      const at = load<i32>(RESULT + (lane << 2), 16);
      if (value > winner || (value == winner && <u32>at < <u32>index)) {
        winner = value;
        index = at;
      }
    }
    for (let i = whole; i < bytes; i += 4) {
      const value = load<f32>(z + i);
      fine = fine && value < infinity;
      if (value > winner) {
        winner = value;
        index = <i32>(i >> 2);
      }
    }
    store<i32>(indices + ((<usize>row) << 2), fine ? index : -1);
    store<f32>(RESULT, fine ? winner : NaN);
  }
}
