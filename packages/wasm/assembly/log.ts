// The logarithm of any positive normal number.
import { madd, nmadd } from "./arithmetic";

/**
 * Constants lie in memory, four times each: engines make vector constants anew wherever they are used, which costs more than
 * reading them.
 */
const LOG: usize = memory.data<f32>([
  -0.1025197381, -0.1025197381, -0.1025197381, -0.1025197381,
  0.1605253781, 0.1605253781, 0.1605253781, 0.1605253781,
  -0.1712997981, -0.1712997981, -0.1712997981, -0.1712997981,
  0.199214685, 0.199214685, 0.199214685, 0.199214685,
  -0.2498354233, -0.2498354233, -0.2498354233, -0.2498354233,
  0.3333428391, 0.3333428391, 0.3333428391, 0.3333428391,
  -0.5, -0.5, -0.5, -0.5,
  -0.6931471806, -0.6931471806, -0.6931471806, -0.6931471806,
  1, 1, 1, 1,
], 16);

/** The bits of √½, and the mask of a mantissa. */
const ROOT: usize = memory.data<u32>([
  0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3,
  0x7fffff, 0x7fffff, 0x7fffff, 0x7fffff,
], 16);

/**
 * −log(x + lost) for positive normal x, where lost is less than the distance to the next float, and counts near 1 alone.
 * `x = 2^e·(1 + f)` with f in [√½ − 1, √2 − 1], exactly; `log(1 + f) = f − f²/2 + f³·Q(f)` keeps full relative precision near
 * f = 0. Q of degree 5, minimax for relative error 2.5e-7; the noise takes at most 0.6 of what its bound allows. e·ln 2 is
 * rounded, which is little beside −log x where e is not 0.
 */
@inline
export function minusLog(x: v128, lost: v128): v128 {
  // The bits of x less those of √½ have e in the exponent's place and f, less 1, in the mantissa's.
  const bits = i32x4.sub(x, v128.load(ROOT));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const mantissa = i32x4.add(v128.and(bits, v128.load(ROOT, 16)), v128.load(ROOT));
  const f = f32x4.add(f32x4.sub(mantissa, v128.load(LOG, 128)), lost);
  // In pairs, which do not wait for one another.
  const f2 = f32x4.mul(f, f);
  const q45 = madd(v128.load(LOG), f, v128.load(LOG, 16));
  const q23 = madd(v128.load(LOG, 32), f, v128.load(LOG, 48));
  const q01 = madd(v128.load(LOG, 64), f, v128.load(LOG, 80));
  const q25 = madd(q45, f2, q23);
  const q = madd(q25, f2, q01);
  const p = madd(q, f, v128.load(LOG, 96));
  const linear = f32x4.sub(f32x4.mul(e, v128.load(LOG, 112)), f);
  return nmadd(f2, p, linear);
}
