// Gumbel noise of one block, at both precisions. Which element owns which block is decided in counter.ts.
import type { Precision } from "@gumbel/core";
import { log1pCoreGlsl, logCoreGlsl } from "./log-core.ts";

/**
 * `float gumbelOf(uvec2 block)` at precision "full": `−log(−log u)` for `u = (N + ½)/2⁶³`, N the upper 63 bits of
 * `(x0 ^ x1)·2³² + x1`; in [−3.79, 44.37]. In the upper half `1 − u` comes from the complemented bits: subtracting
 * floats would leave only what a float keeps of u, and that is where the winners are. Needs `log1pCore`, `logCore`.
 */
const gumbelFullGlsl: string = /* glsl */ `
float gumbelOf(uvec2 block) {
  uint word = block.x ^ block.y;
  bool isUpper = word >= 0x80000000u;
  uint flip = isUpper ? 0xffffffffu : 0u;
  // Distance of u from the nearer end, in (0, 1/2], with full relative precision; 2^-32 and 2^-63.
  float t = float(word ^ flip) * 2.3283064365386963e-10
    + (float((block.y ^ flip) >> 1) + 0.5) * 1.0842021724855044e-19;
  // u = 2^e (1 + f), with f exact in every branch.
  uint bits = floatBitsToUint(t) - 0x3f3504f3u;
  float e = float(int(bits) >> 23);
  float f = uintBitsToFloat((bits & 0x7fffffu) + 0x3f3504f3u) - 1.0;
  if (isUpper) {
    bool isNearOne = t <= 0.29289;
    e = isNearOne ? 0.0 : -1.0;
    f = isNearOne ? -t : 1.0 - 2.0 * t;
  }
  return -logCore(-(e * 0.693359375 + (log1pCore(f) - e * 2.12194440e-4)));
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
