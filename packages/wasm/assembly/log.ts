// The logarithm: its core near 1, where relative precision counts, and of any positive normal number.
import { madd } from "./arithmetic";

/**
 * Constants lie in memory, four times each: engines make vector constants anew wherever they are used, which costs more than
 * reading them.
 */
const Q: usize = memory.data<f32>([
  -0.07859618017, -0.07859618017, -0.07859618017, -0.07859618017,
  0.1288164996, 0.1288164996, 0.1288164996, 0.1288164996,
  -0.1312875352, -0.1312875352, -0.1312875352, -0.1312875352,
  0.1418119153, 0.1418119153, 0.1418119153, 0.1418119153,
  -0.1662455413, -0.1662455413, -0.1662455413, -0.1662455413,
  0.2000228629, 0.2000228629, 0.2000228629, 0.2000228629,
  -0.250008104, -0.250008104, -0.250008104, -0.250008104,
  0.3333331673, 0.3333331673, 0.3333331673, 0.3333331673,
  -0.5, -0.5, -0.5, -0.5,
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4,
  1, 1, 1, 1,
], 16);
const HALF: usize = Q + 8 * 16;
const LN2_HIGH: usize = Q + 9 * 16;
const LN2_LOW: usize = Q + 10 * 16;
const ONE: usize = Q + 11 * 16;

/** The bits of √½, and the mask of a mantissa. */
const BITS: usize = memory.data<u32>([
  0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3,
  0x7fffff, 0x7fffff, 0x7fffff, 0x7fffff,
], 16);

/**
 * log(1 + f) for f in [√½ − 1, √2 − 1], with full relative precision: `f − f²/2 + f³·Q(f)`, Q of degree 7, minimax for
 * relative error 5.9e-9.
 */
@inline
function log1p(f: v128): v128 {
  // In pairs, which do not wait for one another.
  const f2 = f32x4.mul(f, f);
  const q67 = madd(v128.load(Q), f, v128.load(Q, 16));
  const q45 = madd(v128.load(Q, 32), f, v128.load(Q, 48));
  const q23 = madd(v128.load(Q, 64), f, v128.load(Q, 80));
  const q01 = madd(v128.load(Q, 96), f, v128.load(Q, 112));
  const q = madd(madd(q67, f2, q45), f32x4.mul(f2, f2), madd(q23, f2, q01));
  return madd(f2, madd(q, f, v128.load(HALF)), f);
}

/** log(2^e·(1 + f)), with ln 2 in two parts: `e·0.693359375` is exact. */
@inline
export function logOfParts(e: v128, f: v128): v128 {
  return madd(e, v128.load(LN2_HIGH), madd(e, v128.load(LN2_LOW), log1p(f)));
}

/** The bits of x less those of √½: x = 2^e·(1 + f), with e in the exponent's place and f in the mantissa's. */
@inline
function bitsFromRoot(x: v128): v128 {
  return i32x4.sub(x, v128.load(BITS));
}

/** e of x = 2^e·(1 + f) with f in [√½ − 1, √2 − 1]. */
@inline
export function exponentOf(x: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.shr_s(bitsFromRoot(x), 23));
}

/** f of x = 2^e·(1 + f), exactly. */
@inline
export function fractionOf(x: v128): v128 {
  const mantissa = v128.and(bitsFromRoot(x), v128.load(BITS, 16));
  return f32x4.sub(i32x4.add(mantissa, v128.load(BITS)), v128.load(ONE));
}

/** log(x) for positive normal x. */
@inline
export function log(x: v128): v128 {
  return logOfParts(exponentOf(x), fractionOf(x));
}
