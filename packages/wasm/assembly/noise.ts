// Gumbel noise from the words of blocks.
import { LANE, madd, select } from "./arithmetic";
import { BLOCK, LOWS, WORDS } from "./layout";
import { minusLog } from "./log";
import { fillScratch } from "./threefry";

const UNIFORM: usize = memory.data<f32>([
  2.3283064365386963e-10, 2.3283064365386963e-10, 2.3283064365386963e-10, 2.3283064365386963e-10,
  1.0842021724855044e-19, 1.0842021724855044e-19, 1.0842021724855044e-19, 1.0842021724855044e-19,
  0.5, 0.5, 0.5, 0.5,
  1, 1, 1, 1,
  1.1754943508222875e-38, 1.1754943508222875e-38, 1.1754943508222875e-38, 1.1754943508222875e-38,
  1.1920928955078125e-7, 1.1920928955078125e-7, 1.1920928955078125e-7, 1.1920928955078125e-7,
], 16);

/**
 * −log u of precision "full", `u = (N + ½)/2⁶³` with N the upper 63 bits of word·2³² + low; in [2⁻⁶⁴, 44.4]. In the upper half u
 * comes from the complemented bits, and what it loses as a float is put back where it decides: near 1.
 */
@inline
function exponentialFull(word: v128, low: v128): v128 {
  // All ones in the upper half, where u = 1 − t; t, in (0, ½], is the distance of u from the nearer end.
  const flip = i32x4.shr_s(word, 31);
  const high = f32x4.convert_i32x4_s(v128.xor(word, flip));
  const rest = f32x4.convert_i32x4_s(i32x4.shr_u(v128.xor(low, flip), 1));
  const tail = f32x4.mul(f32x4.add(rest, v128.load(UNIFORM, 32)), v128.load(UNIFORM, 16));
  const t = madd(high, v128.load(UNIFORM), tail);
  // u as a float, and what it has lost in the upper half: exactly 1 − x − t.
  const x = select(f32x4.sub(v128.load(UNIFORM, 48), t), t, flip);
  const lost = v128.and(f32x4.sub(f32x4.sub(v128.load(UNIFORM, 48), x), t), flip);
  return minusLog(x, lost);
}

/** −log u of precision "jax", `u = max(2⁻¹²⁶, (word >>> 9)·2⁻²³)`. */
@inline
function exponentialJax(word: v128): v128 {
  const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 9)), v128.load(UNIFORM, 80));
  const zero = v128.xor(u, u);
  return minusLog(f32x4.pmax(u, v128.load(UNIFORM, 64)), zero);
}

/** Gumbel noise of four elements `at` bytes into the scratch arrays: −log(−log u). */
export function gumbelAt(at: usize, isJax: bool): v128 {
  const word = v128.load(WORDS + at);
  const e = isJax ? exponentialJax(word) : exponentialFull(word, v128.load(LOWS + at));
  return minusLog(e, f32x4.splat(0));
}

/** Replaces the words of a block in the scratch array by −log u. */
export function fillExponentials(count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  fillScratch(count, k0, k1, hi, lo);
  const end = (<usize>count) << 2;
  if (isJax) {
    for (let i: usize = 0; i < end; i += 64) {
      lockstep: {
        const e = exponentialJax(v128.load(WORDS + i, LANE));
        v128.store(WORDS + i, e, LANE);
      }
    }
  } else {
    for (let i: usize = 0; i < end; i += 64) {
      lockstep: {
        const e = exponentialFull(v128.load(WORDS + i, LANE), v128.load(LOWS + i, LANE));
        v128.store(WORDS + i, e, LANE);
      }
    }
  }
}

/** Adds what is in the scratch array to values, and leaves alone what lies behind them. */
function addScratch(values: usize, count: u32): void {
  const whole = (<usize>(count & ~3)) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    v128.store(values + i, f32x4.add(v128.load(values + i), v128.load(WORDS + i)));
  }
  for (let i = whole, end = (<usize>count) << 2; i < end; i += 4) {
    store<f32>(values + i, load<f32>(values + i) + load<f32>(WORDS + i));
  }
}

/** Adds Gumbel noise of consecutive counters to what is there. */
export function perturb(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  for (let done: u32 = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    fillExponentials(length, k0, k1, hi, lo + done, isJax);
    const end = (<usize>length) << 2;
    for (let i: usize = 0; i < end; i += 64) {
      lockstep: {
        const x = v128.load(WORDS + i, LANE);
        const zero = v128.xor(x, x);
        const g = minusLog(x, zero);
        v128.store(WORDS + i, g, LANE);
      }
    }
    addScratch(at + ((<usize>done) << 2), length);
  }
}

/** Gumbel noise of consecutive counters. */
export function gumbel(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  memory.fill(at, 0, (<usize>count) << 2);
  perturb(at, count, k0, k1, hi, lo, isJax);
}
