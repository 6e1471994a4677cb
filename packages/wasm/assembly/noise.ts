// Gumbel noise from the words of blocks, four at a time.
import { madd, select } from "./arithmetic";
import { BLOCK, LOWS, WORDS } from "./layout";
import { exponentOf, fractionOf, log, logOfParts } from "./log";
import { fillScratch } from "./threefry";

const C: usize = memory.data<f32>([
  2.3283064365386963e-10, 2.3283064365386963e-10, 2.3283064365386963e-10, 2.3283064365386963e-10,
  1.0842021724855044e-19, 1.0842021724855044e-19, 1.0842021724855044e-19, 1.0842021724855044e-19,
  0.5, 0.5, 0.5, 0.5,
  0.29289, 0.29289, 0.29289, 0.29289,
  -2, -2, -2, -2,
  1, 1, 1, 1,
  -1, -1, -1, -1,
  1.1754943508222875e-38, 1.1754943508222875e-38, 1.1754943508222875e-38, 1.1754943508222875e-38,
  1.1920928955078125e-7, 1.1920928955078125e-7, 1.1920928955078125e-7, 1.1920928955078125e-7,
], 16);
const TWO_TO_MINUS_32: usize = C;
const TWO_TO_MINUS_63: usize = C + 16;
const HALF: usize = C + 32;
const NEAR: usize = C + 48;
const MINUS_TWO: usize = C + 64;
const ONE: usize = C + 80;
const MINUS_ONE: usize = C + 96;
const SMALLEST: usize = C + 112;
const TWO_TO_MINUS_23: usize = C + 128;

/**
 * −log u of precision "full", `u = (N + ½)/2⁶³` with N the upper 63 bits of word·2³² + low; in [2⁻⁶⁴, 44.4], to 2 ulp. In the
 * upper half 1 − u comes from the complemented bits: subtracting floats would leave only what a float keeps of u.
 */
@inline
function exponentialFull(word: v128, low: v128): v128 {
  // All ones in the upper half, where u = 1 − t; t, in (0, ½], is the distance of u from the nearer end.
  const flip = i32x4.shr_s(word, 31);
  const high = f32x4.convert_i32x4_s(v128.xor(word, flip));
  const rest = f32x4.convert_i32x4_s(i32x4.shr_u(v128.xor(low, flip), 1));
  const t = madd(
    high,
    v128.load(TWO_TO_MINUS_32),
    f32x4.mul(f32x4.add(rest, v128.load(HALF)), v128.load(TWO_TO_MINUS_63)),
  );
  // u as a float, and what it has lost in the upper half: exactly 1 − x − t, the difference that decides near 1.
  const x = select(f32x4.sub(v128.load(ONE), t), t, flip);
  const lost = v128.and(f32x4.sub(f32x4.sub(v128.load(ONE), x), t), flip);
  return f32x4.neg(logOfParts(exponentOf(x), f32x4.add(fractionOf(x), lost)));
}

/** −log u of precision "jax", `u = max(2⁻¹²⁶, (word >>> 9)·2⁻²³)`. */
@inline
function exponentialJax(word: v128): v128 {
  const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 9)), v128.load(TWO_TO_MINUS_23));
  return f32x4.neg(log(f32x4.pmax(u, v128.load(SMALLEST))));
}

/** −log u of the elements `at` bytes into the scratch arrays. */
@inline
export function exponentialAt(at: usize, isJax: bool): v128 {
  const word = v128.load(WORDS + at);
  return isJax ? exponentialJax(word) : exponentialFull(word, v128.load(LOWS + at));
}

/** Gumbel noise of the elements `at` bytes into the scratch arrays: −log(−log u). */
@inline
export function gumbelAt(at: usize, isJax: bool): v128 {
  return f32x4.neg(log(exponentialAt(at, isJax)));
}

@inline
function makeNoise(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool, isAdded: bool): void {
  for (let done: u32 = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    fillScratch(length, k0, k1, hi, lo + done);
    const block = at + ((<usize>done) << 2);
    const whole = (<usize>(length & ~3)) << 2;
    for (let i: usize = 0; i < whole; i += 16) {
      const g = gumbelAt(i, isJax);
      v128.store(block + i, isAdded ? f32x4.add(v128.load(block + i), g) : g);
    }
    // The last one to three, which leave alone what lies behind them.
    if (length & 3) {
      const g = gumbelAt(whole, isJax);
      const z = isAdded ? f32x4.add(v128.load(block + whole), g) : g;
      store<f32>(block + whole, f32x4.extract_lane(z, 0));
      if ((length & 3) > 1) store<f32>(block + whole, f32x4.extract_lane(z, 1), 4);
      if ((length & 3) > 2) store<f32>(block + whole, f32x4.extract_lane(z, 2), 8);
    }
  }
}

/** Gumbel noise of consecutive counters. */
export function gumbel(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  if (isJax) makeNoise(at, count, k0, k1, hi, lo, true, false);
  else makeNoise(at, count, k0, k1, hi, lo, false, false);
}

/** Adds Gumbel noise of consecutive counters to what is there. */
export function perturb(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isJax: bool): void {
  if (isJax) makeNoise(at, count, k0, k1, hi, lo, true, true);
  else makeNoise(at, count, k0, k1, hi, lo, false, true);
}
