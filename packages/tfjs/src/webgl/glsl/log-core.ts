// Polynomial logarithms: GLSL ES states no accuracy for log, and the winning tail of the noise lives near log 1.

/**
 * `float log1pCore(float f)`: log(1 + f) for f in [√½ − 1, √2 − 1] with full *relative* precision.
 * `f − f²/2 + f³·Q(f)`, Q of degree 7, minimax for relative error 5.9e-9. Needs no other function.
 */
export const log1pCoreGlsl: string = /* glsl */ `
float log1pCore(float f) {
  float q = -0.07859618017 * f + 0.1288164996;
  q = q * f - 0.1312875352;
  q = q * f + 0.1418119153;
  q = q * f - 0.1662455413;
  q = q * f + 0.2000228629;
  q = q * f - 0.250008104;
  q = q * f + 0.3333331673;
  return f + f * f * (q * f - 0.5);
}
`;

/** ln 2 in two parts, of which the first is exact for any exponent, by the unit of a float32's exponent bits. */
export const LN2_PER_BIT: { readonly high: number; readonly low: number } = {
  high: 0.693359375 * 2 ** -23,
  low: -2.1219444e-4 * 2 ** -23,
};

/**
 * `float logCore(float x)`: log(x) for positive normal x. Near 1 it keeps its relative precision.
 * The bits of x are split at √½, so that `x = 2^e·(1 + f)` with f in [√½ − 1, √2 − 1]; ln 2 is split in two because
 * `e·0.693359375` is exact. Needs {@link log1pCoreGlsl}.
 */
export const logCoreGlsl: string = /* glsl */ `
float logCore(float x) {
  uint bits = floatBitsToUint(x) - 0x3f3504f3u;
  // The exponent where it stands, 2^23 times as large: SwiftShader shifts lane by lane.
  float e = float(int(bits & 0xff800000u));
  float f = uintBitsToFloat((bits & 0x7fffffu) + 0x3f3504f3u) - 1.0;
  return e * ${LN2_PER_BIT.high} + (log1pCore(f) + e * (${LN2_PER_BIT.low}));
}
`;
