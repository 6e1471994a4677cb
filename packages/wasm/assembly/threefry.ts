// Threefry-2x32 with 20 rounds (Salmon et al. 2011), four lanes wide and four vectors deep, over consecutive counters.
import { LANE } from "./arithmetic";
import { LOWS, WORDS } from "./layout";

/** Constant of the key schedule (Salmon et al. 2011). */
const PARITY: u32 = 0x1bd11bda;

@inline
function rotate(x: v128, n: i32): v128 {
  return v128.or(i32x4.shl(x, n), i32x4.shr_u(x, 32 - n));
}

/**
 * The blocks (x0, x1) of the counters (hi, lo), (hi, lo + 1), …: words x0 ^ x1 at `words` and, where it is not 0, x1 at `lows`.
 * Writes whole groups of 16. The counters must not pass 2³² in lo.
 */
function fill(words: usize, lows: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32): void {
  const k2 = k0 ^ k1 ^ PARITY;
  const s0 = i32x4.splat(k0);
  const s1 = i32x4.splat(k1);
  const s2 = i32x4.splat(k2);
  const t1 = i32x4.splat(k2 + 1);
  const t2 = i32x4.splat(k0 + 2);
  const t3 = i32x4.splat(k1 + 3);
  const t4 = i32x4.splat(k2 + 4);
  const t5 = i32x4.splat(k0 + 5);
  const first = i32x4.splat(hi + k0);
  let counters = i32x4.add(i32x4.splat(lo + k1), i32x4(0, 1, 2, 3));
  for (let at: usize = 0, end: usize = (<usize>count) << 2; at < end; at += 64) {
    lockstep: {
      let a = first;
      let b = i32x4.add(counters, i32x4.splat(LANE / 4));
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 13), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 15), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 26), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 6), a);
      a = i32x4.add(a, s1); b = i32x4.add(b, t1);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 17), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 29), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 16), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 24), a);
      a = i32x4.add(a, s2); b = i32x4.add(b, t2);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 13), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 15), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 26), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 6), a);
      a = i32x4.add(a, s0); b = i32x4.add(b, t3);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 17), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 29), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 16), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 24), a);
      a = i32x4.add(a, s1); b = i32x4.add(b, t4);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 13), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 15), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 26), a);
      a = i32x4.add(a, b); b = v128.xor(rotate(b, 6), a);
      a = i32x4.add(a, s2); b = i32x4.add(b, t5);
      v128.store(words + at, v128.xor(a, b), LANE);
      if (lows != 0) v128.store(lows + at, b, LANE);
    }
    counters = i32x4.add(counters, i32x4.splat(16));
  }
}

/** Fills the scratch arrays {@link WORDS} and {@link LOWS}; `count` is at most {@link BLOCK}. */
export function fillScratch(count: u32, k0: u32, k1: u32, hi: u32, lo: u32): void {
  fill(WORDS, LOWS, count, k0, k1, hi, lo);
}

/** Fills an array with words alone. Up to 15 more words are written behind it. */
export function bits(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32): void {
  fill(at, 0, count, k0, k1, hi, lo);
}
