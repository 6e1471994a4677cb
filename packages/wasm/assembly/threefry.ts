// Threefry-2x32 with 20 rounds (Salmon et al. 2011), four lanes wide and four vectors deep, over consecutive counters.
// Rounds are unrolled by hand: their chains are long, and only independent ones keep the processor busy.
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
@inline
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
  const four = i32x4.splat(4);
  for (let at: usize = 0, end: usize = (<usize>count) << 2; at < end; at += 64) {
    let a0 = first, a1 = first, a2 = first, a3 = first;
    let b0 = counters;
    let b1 = i32x4.add(b0, four);
    let b2 = i32x4.add(b1, four);
    let b3 = i32x4.add(b2, four);
    counters = i32x4.add(b3, four);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 13), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 13), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 13), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 13), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 15), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 15), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 15), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 15), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 26), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 26), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 26), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 26), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 6), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 6), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 6), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 6), a3);
    a0 = i32x4.add(a0, s1); b0 = i32x4.add(b0, t1);
    a1 = i32x4.add(a1, s1); b1 = i32x4.add(b1, t1);
    a2 = i32x4.add(a2, s1); b2 = i32x4.add(b2, t1);
    a3 = i32x4.add(a3, s1); b3 = i32x4.add(b3, t1);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 17), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 17), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 17), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 17), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 29), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 29), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 29), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 29), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 16), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 16), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 16), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 16), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 24), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 24), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 24), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 24), a3);
    a0 = i32x4.add(a0, s2); b0 = i32x4.add(b0, t2);
    a1 = i32x4.add(a1, s2); b1 = i32x4.add(b1, t2);
    a2 = i32x4.add(a2, s2); b2 = i32x4.add(b2, t2);
    a3 = i32x4.add(a3, s2); b3 = i32x4.add(b3, t2);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 13), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 13), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 13), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 13), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 15), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 15), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 15), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 15), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 26), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 26), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 26), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 26), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 6), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 6), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 6), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 6), a3);
    a0 = i32x4.add(a0, s0); b0 = i32x4.add(b0, t3);
    a1 = i32x4.add(a1, s0); b1 = i32x4.add(b1, t3);
    a2 = i32x4.add(a2, s0); b2 = i32x4.add(b2, t3);
    a3 = i32x4.add(a3, s0); b3 = i32x4.add(b3, t3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 17), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 17), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 17), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 17), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 29), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 29), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 29), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 29), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 16), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 16), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 16), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 16), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 24), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 24), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 24), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 24), a3);
    a0 = i32x4.add(a0, s1); b0 = i32x4.add(b0, t4);
    a1 = i32x4.add(a1, s1); b1 = i32x4.add(b1, t4);
    a2 = i32x4.add(a2, s1); b2 = i32x4.add(b2, t4);
    a3 = i32x4.add(a3, s1); b3 = i32x4.add(b3, t4);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 13), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 13), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 13), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 13), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 15), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 15), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 15), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 15), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 26), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 26), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 26), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 26), a3);
    a0 = i32x4.add(a0, b0); b0 = v128.xor(rotate(b0, 6), a0);
    a1 = i32x4.add(a1, b1); b1 = v128.xor(rotate(b1, 6), a1);
    a2 = i32x4.add(a2, b2); b2 = v128.xor(rotate(b2, 6), a2);
    a3 = i32x4.add(a3, b3); b3 = v128.xor(rotate(b3, 6), a3);
    a0 = i32x4.add(a0, s2); b0 = i32x4.add(b0, t5);
    a1 = i32x4.add(a1, s2); b1 = i32x4.add(b1, t5);
    a2 = i32x4.add(a2, s2); b2 = i32x4.add(b2, t5);
    a3 = i32x4.add(a3, s2); b3 = i32x4.add(b3, t5);
    v128.store(words + at, v128.xor(a0, b0));
    v128.store(words + at, v128.xor(a1, b1), 16);
    v128.store(words + at, v128.xor(a2, b2), 32);
    v128.store(words + at, v128.xor(a3, b3), 48);
    if (lows != 0) {
      v128.store(lows + at, b0);
      v128.store(lows + at, b1, 16);
      v128.store(lows + at, b2, 32);
      v128.store(lows + at, b3, 48);
    }
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
