// Gumbel noise from the words of Threefry blocks.
import { madd, select } from "./arithmetic";
import { minusLogOf, minusLogSixteen } from "./log";
import { TILE, WORDS, X1 } from "./memory-layout";
import { fillTile } from "./threefry";

/** 2⁻³², 2⁻⁶³, ½, 1, 2⁻¹²⁶ and 2⁻²³, each in all four lanes. */
const UNIFORM: usize = memory.data<f32>([
  2.3283064365386963e-10, 2.3283064365386963e-10, 2.3283064365386963e-10, 2.3283064365386963e-10,
  1.0842021724855044e-19, 1.0842021724855044e-19, 1.0842021724855044e-19, 1.0842021724855044e-19,
  0.5, 0.5, 0.5, 0.5,
  1, 1, 1, 1,
  1.1754943508222875e-38, 1.1754943508222875e-38, 1.1754943508222875e-38, 1.1754943508222875e-38,
  1.1920928955078125e-7, 1.1920928955078125e-7, 1.1920928955078125e-7, 1.1920928955078125e-7,
], 16);

/**
 * The uniform variate u of precision "full", of the four elements `at` bytes into the tile: `u = (N + ½)/2⁶³`, where N is the
 * upper 63 bits of word·2³² + x1. Replaces the words by u, rounded, and x1 by what the rounding took from it.
 *
 * That rest decides near u = 1. In the upper half, therefore, u comes from the complemented bits; in the lower half the rest is 0.
 */
@inline
function uniformFull(at: usize): void {
  const word = v128.load(WORDS + at);
  // All ones in the upper half, where u = 1 − t; t, in (0, ½], is the distance of u from the nearer end.
  const flip = i32x4.shr_s(word, 31);
  const high = f32x4.convert_i32x4_s(v128.xor(word, flip));
  const low = f32x4.convert_i32x4_s(i32x4.shr_u(v128.xor(v128.load(X1 + at), flip), 1));
  const tail = f32x4.mul(f32x4.add(low, v128.load(UNIFORM, 32)), v128.load(UNIFORM, 16));
  const t = madd(high, v128.load(UNIFORM), tail);
  const u = select(f32x4.sub(v128.load(UNIFORM, 48), t), t, flip);
  v128.store(WORDS + at, u);
  // 1 − u − t, exactly.
  v128.store(X1 + at, v128.and(f32x4.sub(f32x4.sub(v128.load(UNIFORM, 48), u), t), flip));
}

/** The same of precision "jax", which float32 holds: `u = max(2⁻¹²⁶, (word >>> 9)·2⁻²³)`. */
@inline
function uniformJax(at: usize): void {
  const upper = f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(WORDS + at), 9));
  v128.store(WORDS + at, f32x4.pmax(f32x4.mul(upper, v128.load(UNIFORM, 80)), v128.load(UNIFORM, 64)));
}

/** Gumbel noise, −log(−log u), of four elements, `at` bytes into the tile; overwrites their words and x1. */
export function gumbelAt(at: usize, isJax: bool): v128 {
  const zero = f32x4.splat(0);
  if (isJax) {
    uniformJax(at);
    v128.store(X1 + at, zero);
  } else uniformFull(at);
  return minusLogOf(minusLogOf(v128.load(WORDS + at), v128.load(X1 + at)), zero);
}

/** Fills {@link WORDS} with the exponential variates E = −log u of at most one tile of consecutive counters; E > 0. */
export function fillExponentials(count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  fillTile(count, k0, k1, hi, lo);
  const end = (<usize>count) << 2;
  if (isJax) {
    for (let i: usize = 0; i < end; i += 64) {
      uniformJax(i);
      uniformJax(i + 16);
      uniformJax(i + 32);
      uniformJax(i + 48);
      minusLogSixteen(WORDS + i, 0);
    }
  } else {
    for (let i: usize = 0; i < end; i += 64) {
      uniformFull(i);
      uniformFull(i + 16);
      uniformFull(i + 32);
      uniformFull(i + 48);
      minusLogSixteen(WORDS + i, X1 + i);
    }
  }
}

/** Fills {@link WORDS} with the Gumbel noise −log E of at most one tile of consecutive counters. */
export function fillGumbel(count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  fillExponentials(count, k0, k1, hi, lo, isJax);
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 64) minusLogSixteen(WORDS + i, 0);
}

/** Adds {@link WORDS} to `count` values, and overwrites nothing behind them. */
function addWords(values: usize, count: u32): void {
  const whole = (<usize>(count & ~3)) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    v128.store(values + i, f32x4.add(v128.load(values + i), v128.load(WORDS + i)));
  }
  for (let i = whole, end = (<usize>count) << 2; i < end; i += 4) {
    store<f32>(values + i, load<f32>(values + i) + load<f32>(WORDS + i));
  }
}

/** Adds the Gumbel noise of consecutive counters to values, in float32. */
export function perturb(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  for (let done: u32 = 0; done < count; done += TILE) {
    const length = min(TILE, count - done);
    fillGumbel(length, k0, k1, hi, lo + done, isJax);
    addWords(at + ((<usize>done) << 2), length);
  }
}

/** Gumbel noise of consecutive counters. */
export function gumbel(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  memory.fill(at, 0, (<usize>count) << 2);
  perturb(at, count, k0, k1, hi, lo, isJax);
}
