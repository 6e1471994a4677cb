// Gumbel noise of one block, at both precisions. Which element owns which block is decided in counter.ts.
import type { Precision } from "@gumbel/core";
import { LN2_PER_BIT, log1pCoreGlsl, logCoreGlsl } from "./log-core.ts";

/**
 * `float gumbelOf(uvec2 block)` at precision "full": `−log(−log u)` for `u = (N + ½)/2⁶³`, N the upper 63 bits of
 * `(x0 ^ x1)·2³² + x1`; in [−3.79, 44.37]. In the upper half `1 − u` comes from the complemented bits: subtracting
 * floats would leave only what a float keeps of u, and that is where the winners are. Needs `log1pCore`, `logCore`.
 */
const gumbelFullGlsl: string = /* glsl */ `
// Without shifts and conversions of unsigned integers, which SwiftShader does lane by lane.
float gumbelOf(uvec2 block) {
  uint word = block.x ^ block.y;
  // All ones in the upper half, where u = 1 - t.
  bool isUpper = int(word) < 0;
  uint flip = isUpper ? 0xffffffffu : 0u;
  // Distance of u from the nearer end, in (0, 1/2], with full relative precision; 2^-32 and 2^-64.
  uint low = block.y ^ flip;
  float lowTop = int(low) < 0 ? 2147483648.0 : 0.0;
  float lowRest = float(int((low & 0x7fffffffu) | 1u));
  float t = float(int(word ^ flip)) * 2.3283064365386963e-10 + (lowRest + lowTop) * 5.421010862427522e-20;
  // u = 2^e (1 + f), with f exact in every branch; e is 2^23 times as large.
  uint bits = floatBitsToUint(t) - 0x3f3504f3u;
  float eLower = float(int(bits & 0xff800000u));
  float fLower = uintBitsToFloat((bits & 0x7fffffu) + 0x3f3504f3u) - 1.0;
  bool isNearOne = t <= 0.29289;
  float eUpper = isNearOne ? 0.0 : -8388608.0;
  float fUpper = isNearOne ? -t : 1.0 - 2.0 * t;
  float e = isUpper ? eUpper : eLower;
  float f = isUpper ? fUpper : fLower;
  return -logCore(-(e * ${LN2_PER_BIT.high} + (log1pCore(f) + e * (${LN2_PER_BIT.low}))));
}
`;

/**
 * `float gumbelOf(uvec2 block)` at precision "jax": `−log(−log u)` for `u = max(2⁻¹²⁶, (w >> 9)·2⁻²³)`, `w = x0 ^ x1`;
 * in [−4.47, 15.95]. u is exact in float32, and so is `u − 1` near 1. Needs `logCore`.
 */
const gumbelJaxGlsl: string = /* glsl */ `
float gumbelOf(uvec2 block) {
  uint mantissa = (block.x ^ block.y) >> 9;
  // -log 2^-126: written out, so that no smallest normal number can be flushed.
  if (mantissa == 0u) return -logCore(87.3365448);
  return -logCore(-logCore(float(mantissa) * 1.1920928955078125e-7));
}
`;

/** The noise of one precision with all that it needs: `gumbelOf(block)`. A block is what `threefry2x32` returns. */
export function noiseGlsl(precision: Precision): string {
  return [log1pCoreGlsl, logCoreGlsl, precision === "full" ? gumbelFullGlsl : gumbelJaxGlsl].join("");
}
