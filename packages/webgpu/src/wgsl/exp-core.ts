// A polynomial exponential: WGSL promises only 3 + 2|x| ulp for exp.

/**
 * `fn exp_core(x: f32) -> f32`: e^x for x ≤ 0, to about 2 ulp; 0 where that is below float32's normal range.
 * `x = n·ln 2 + r`, `e^r = 1 + r + r²·R(r)`, R of degree 4, minimax for relative error 3e-9 on |r| ≤ ln2/2; ln 2 is
 * split in two because `n·0.693359375` is exact. Needs no other function.
 */
export const expCoreWgsl: string = /* wgsl */ `
fn exp_core(x: f32) -> f32 {
  let clamped = max(x, -88f);
  let n = round(clamped * 1.442695041f);
  let r = fma(n, 2.12194440e-4f, fma(n, -0.693359375f, clamped));
  var p = fma(0.001395047889f, r, 0.00836888223f);
  p = fma(p, r, 0.04166620599f);
  p = fma(p, r, 0.166665189f);
  p = fma(p, r, 0.5000000095f);
  // 2^n from its exponent bits; n = −127 gives a factor of 0.
  return fma(p, r * r, r + 1f) * bitcast<f32>(u32(i32(n) + 127i) << 23u);
}
`;
