// Polynomial logarithms: WGSL promises only an absolute 2⁻²¹ for log near 1, and the winning tail lives there.

/**
 * `fn log1p_core(f: f32) -> f32`: log(1 + f) for f in [√½ − 1, √2 − 1] with full *relative* precision.
 * `f − f²/2 + f³·Q(f)`, Q of degree 7, minimax for relative error 5.9e-9. Needs no other function.
 */
export const log1pCoreWgsl: string = /* wgsl */ `
fn log1p_core(f: f32) -> f32 {
  var q = fma(-0.07859618017f, f, 0.1288164996f);
  q = fma(q, f, -0.1312875352f);
  q = fma(q, f, 0.1418119153f);
  q = fma(q, f, -0.1662455413f);
  q = fma(q, f, 0.2000228629f);
  q = fma(q, f, -0.250008104f);
  q = fma(q, f, 0.3333331673f);
  let f2 = f * f;
  return fma(f2, fma(q, f, -0.5f), f);
}
`;

/**
 * `fn log_core(x: f32) -> f32`: log(x) for positive normal x. Near 1 it keeps its relative precision.
 * The bits of x are split at √½, so that `x = 2^e·(1 + f)` with f in [√½ − 1, √2 − 1]; ln 2 is split in two because
 * `e·0.693359375` is exact. Needs {@link log1pCoreWgsl}.
 */
export const logCoreWgsl: string = /* wgsl */ `
fn log_core(x: f32) -> f32 {
  let bits = bitcast<u32>(x) - 0x3f3504f3u;
  let e = f32(bitcast<i32>(bits) >> 23u);
  let f = bitcast<f32>((bits & 0x7fffffu) + 0x3f3504f3u) - 1f;
  return fma(e, 0.693359375f, fma(e, -2.12194440e-4f, log1p_core(f)));
}
`;
