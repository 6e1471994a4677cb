// The exponential of numbers that are not positive.
import { madd, nmadd } from "./arithmetic";

const EXP: usize = memory.data<f32>([
  -88, -88, -88, -88,
  1.442695041, 1.442695041, 1.442695041, 1.442695041,
  12582912, 12582912, 12582912, 12582912,
  0.6931471806, 0.6931471806, 0.6931471806, 0.6931471806,
  0.00832149594, 0.00832149594, 0.00832149594, 0.00832149594,
  0.04189045152, 0.04189045152, 0.04189045152, 0.04189045152,
  0.1666701012, 0.1666701012, 0.1666701012, 0.1666701012,
  0.4999923128, 0.4999923128, 0.4999923128, 0.4999923128,
  1, 1, 1, 1,
], 16);

/**
 * e^x for x ≤ 0, to 2⁻²² + 2⁻²³·|x|, relative; 0 where it is below float32's normal range. `x = n·ln 2 + r`, `e^r = 1 + r + r²·R(r)`,
 * R of degree 3, minimax for relative error 1e-7. Adding 1.5·2²³ rounds to the nearest integer, which is then the end of the
 * sum's bits. n·ln 2 is rounded: the bounds of soft samples grow with the logits, and so faster than |x|.
 */
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.pmax(x, v128.load(EXP));
  const sum = madd(clamped, v128.load(EXP, 16), v128.load(EXP, 32));
  const n = f32x4.sub(sum, v128.load(EXP, 32));
  const r = nmadd(n, v128.load(EXP, 48), clamped);
  const r2 = f32x4.mul(r, r);
  const p23 = madd(v128.load(EXP, 64), r, v128.load(EXP, 80));
  const p01 = madd(v128.load(EXP, 96), r, v128.load(EXP, 112));
  const p = madd(p23, r2, p01);
  const whole = madd(p, r2, f32x4.add(r, v128.load(EXP, 128)));
  // 2^n: n stands where the shift makes it the exponent, 1 brings the bias. n = −127 gives a factor of 0.
  const scale = i32x4.add(i32x4.shl(sum, 23), v128.load(EXP, 128));
  return f32x4.mul(whole, scale);
}
