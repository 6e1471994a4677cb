// Threefry-2x32 with 20 rounds (Salmon et al. 2011) over consecutive counters.
import { WORDS, X1 } from "./memory-layout";

/** Constant of the key schedule (Salmon et al. 2011). */
const PARITY: u32 = 0x1bd11bda;

@inline
function add(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

/** The second half of a round: `rotl(b, n) ^ a`. */
@inline
function mix(b: v128, n: i32, a: v128): v128 {
  return v128.xor(v128.or(i32x4.shl(b, n), i32x4.shr_u(b, 32 - n)), a);
}

/**
 * Computes the blocks (x0, x1) of the counters (hi, lo), (hi, lo + 1), … under the key (k0, k1). Stores the words x0 ^ x1 at
 * `words` and, unless its address is 0, x1 at `x1`. Writes whole groups of 16. The low word of the counters must not wrap.
 * With `isInPlace`, which is a constant, the counters are any, and are read from where the results go: lo from `words`, hi from `x1`.
 *
 * A round waits for the one before it, so four vectors (a0, b0), …, (a3, b3) take each step together: 20 to 30 % faster than
 * one vector after another.
 */
@inline
function fillInline(
  words: usize, x1: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, isInPlace: bool,
): void {
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
  let counters = add(i32x4.splat(lo + k1), i32x4(0, 1, 2, 3));
  for (let at: usize = 0, end: usize = (<usize>count) << 2; at < end; at += 64) {
    let a0 = first; let a1 = first; let a2 = first; let a3 = first;
    let b0 = counters;
    let b1 = add(counters, i32x4.splat(4));
    let b2 = add(counters, i32x4.splat(8));
    let b3 = add(counters, i32x4.splat(12));
    if (isInPlace) {
      a0 = add(v128.load(x1 + at), s0); a1 = add(v128.load(x1 + at, 16), s0);
      a2 = add(v128.load(x1 + at, 32), s0); a3 = add(v128.load(x1 + at, 48), s0);
      b0 = add(v128.load(words + at), s1); b1 = add(v128.load(words + at, 16), s1);
      b2 = add(v128.load(words + at, 32), s1); b3 = add(v128.load(words + at, 48), s1);
    }
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 13, a0); b1 = mix(b1, 13, a1); b2 = mix(b2, 13, a2); b3 = mix(b3, 13, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 15, a0); b1 = mix(b1, 15, a1); b2 = mix(b2, 15, a2); b3 = mix(b3, 15, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 26, a0); b1 = mix(b1, 26, a1); b2 = mix(b2, 26, a2); b3 = mix(b3, 26, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 6, a0); b1 = mix(b1, 6, a1); b2 = mix(b2, 6, a2); b3 = mix(b3, 6, a3);
    a0 = add(a0, s1); a1 = add(a1, s1); a2 = add(a2, s1); a3 = add(a3, s1);
    b0 = add(b0, t1); b1 = add(b1, t1); b2 = add(b2, t1); b3 = add(b3, t1);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 17, a0); b1 = mix(b1, 17, a1); b2 = mix(b2, 17, a2); b3 = mix(b3, 17, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 29, a0); b1 = mix(b1, 29, a1); b2 = mix(b2, 29, a2); b3 = mix(b3, 29, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 16, a0); b1 = mix(b1, 16, a1); b2 = mix(b2, 16, a2); b3 = mix(b3, 16, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 24, a0); b1 = mix(b1, 24, a1); b2 = mix(b2, 24, a2); b3 = mix(b3, 24, a3);
    a0 = add(a0, s2); a1 = add(a1, s2); a2 = add(a2, s2); a3 = add(a3, s2);
    b0 = add(b0, t2); b1 = add(b1, t2); b2 = add(b2, t2); b3 = add(b3, t2);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 13, a0); b1 = mix(b1, 13, a1); b2 = mix(b2, 13, a2); b3 = mix(b3, 13, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 15, a0); b1 = mix(b1, 15, a1); b2 = mix(b2, 15, a2); b3 = mix(b3, 15, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 26, a0); b1 = mix(b1, 26, a1); b2 = mix(b2, 26, a2); b3 = mix(b3, 26, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 6, a0); b1 = mix(b1, 6, a1); b2 = mix(b2, 6, a2); b3 = mix(b3, 6, a3);
    a0 = add(a0, s0); a1 = add(a1, s0); a2 = add(a2, s0); a3 = add(a3, s0);
    b0 = add(b0, t3); b1 = add(b1, t3); b2 = add(b2, t3); b3 = add(b3, t3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 17, a0); b1 = mix(b1, 17, a1); b2 = mix(b2, 17, a2); b3 = mix(b3, 17, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 29, a0); b1 = mix(b1, 29, a1); b2 = mix(b2, 29, a2); b3 = mix(b3, 29, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 16, a0); b1 = mix(b1, 16, a1); b2 = mix(b2, 16, a2); b3 = mix(b3, 16, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 24, a0); b1 = mix(b1, 24, a1); b2 = mix(b2, 24, a2); b3 = mix(b3, 24, a3);
    a0 = add(a0, s1); a1 = add(a1, s1); a2 = add(a2, s1); a3 = add(a3, s1);
    b0 = add(b0, t4); b1 = add(b1, t4); b2 = add(b2, t4); b3 = add(b3, t4);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 13, a0); b1 = mix(b1, 13, a1); b2 = mix(b2, 13, a2); b3 = mix(b3, 13, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 15, a0); b1 = mix(b1, 15, a1); b2 = mix(b2, 15, a2); b3 = mix(b3, 15, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 26, a0); b1 = mix(b1, 26, a1); b2 = mix(b2, 26, a2); b3 = mix(b3, 26, a3);
    a0 = add(a0, b0); a1 = add(a1, b1); a2 = add(a2, b2); a3 = add(a3, b3);
    b0 = mix(b0, 6, a0); b1 = mix(b1, 6, a1); b2 = mix(b2, 6, a2); b3 = mix(b3, 6, a3);
    a0 = add(a0, s2); a1 = add(a1, s2); a2 = add(a2, s2); a3 = add(a3, s2);
    b0 = add(b0, t5); b1 = add(b1, t5); b2 = add(b2, t5); b3 = add(b3, t5);
    v128.store(words + at, v128.xor(a0, b0));
    v128.store(words + at, v128.xor(a1, b1), 16);
    v128.store(words + at, v128.xor(a2, b2), 32);
    v128.store(words + at, v128.xor(a3, b3), 48);
    if (x1 != 0) {
      v128.store(x1 + at, b0);
      v128.store(x1 + at, b1, 16);
      v128.store(x1 + at, b2, 32);
      v128.store(x1 + at, b3, 48);
    }
    counters = add(counters, i32x4.splat(16));
  }
}

function fill(words: usize, x1: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32): void {
  fillInline(words, x1, count, k0, k1, hi, lo, false);
}

/** Fills the scratch arrays {@link WORDS} and {@link X1} with at most one tile of blocks. */
export function fillTile(count: u32, k0: u32, k1: u32, hi: u32, lo: u32): void {
  fill(WORDS, X1, count, k0, k1, hi, lo);
}

/** The same for the counters `hi·2³² + lo + id·stride` of the ids in a list; reads up to 3 ids behind them. */
export function fillTileAt(
  ids: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32, stride: u64,
): void {
  const firsts = i64x2.splat((<u64>hi << 32) | <u64>lo);
  const strides = i64x2.splat(stride);
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 16) {
    const id = v128.load(ids + i);
    const low = i64x2.add(i64x2.mul(i64x2.extend_low_i32x4_u(id), strides), firsts);
    const high = i64x2.add(i64x2.mul(i64x2.extend_high_i32x4_u(id), strides), firsts);
    v128.store(WORDS + i, v128.shuffle<u32>(low, high, 0, 2, 4, 6));
    v128.store(X1 + i, v128.shuffle<u32>(low, high, 1, 3, 5, 7));
  }
  fillInline(WORDS, X1, count, k0, k1, 0, 0, true);
}

/** Random words of consecutive counters: `jax.random.bits`. Overwrites up to 15 words behind them. */
export function bits(at: usize, count: u32, k0: u32, k1: u32, hi: u32, lo: u32): void {
  fill(at, 0, count, k0, k1, hi, lo);
}
