// The exponential of numbers that are not positive.
import { madd } from "./arithmetic";

const C: usize = memory.data<f32>([
  -88, -88, -88, -88,
  1.442695041, 1.442695041, 1.442695041, 1.442695041,
  12582912, 12582912, 12582912, 12582912,
  -0.693359375, -0.693359375, -0.693359375, -0.693359375,
  2.12194440e-4, 2.12194440e-4, 2.12194440e-4, 2.12194440e-4,
  0.001395047889, 0.001395047889, 0.001395047889, 0.001395047889,
  0.00836888223, 0.00836888223, 0.00836888223, 0.00836888223,
  0.04166620599, 0.04166620599, 0.04166620599, 0.04166620599,
  0.166665189, 0.166665189, 0.166665189, 0.166665189,
  0.5000000095, 0.5000000095, 0.5000000095, 0.5000000095,
  1, 1, 1, 1,
], 16);

/**
 * e^x for x ≤ 0, to about 2 ulp; 0 where that is below float32's normal range. `x = n·ln 2 + r`, `e^r = 1 + r + r²·R(r)`, R
 * minimax for relative error 3e-9. Adding 1.5·2²³ rounds to the nearest integer, which is then the end of the sum's bits.
 */
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.pmax(x, v128.load(C));
  const sum = madd(clamped, v128.load(C, 16), v128.load(C, 32));
  const n = f32x4.sub(sum, v128.load(C, 32));
  const r = madd(n, v128.load(C, 64), madd(n, v128.load(C, 48), clamped));
  const r2 = f32x4.mul(r, r);
  const p34 = madd(v128.load(C, 80), r, v128.load(C, 96));
  const p12 = madd(v128.load(C, 112), r, v128.load(C, 128));
  const p = madd(madd(p34, r2, p12), r, v128.load(C, 144));
  const one = v128.load(C, 160);
  // 2^n: n stands where the shift makes it the exponent, 1 brings the bias. n = −127 gives a factor of 0.
  const scale = i32x4.add(i32x4.shl(sum, 23), one);
  return f32x4.mul(madd(p, r2, f32x4.add(r, one)), scale);
}
