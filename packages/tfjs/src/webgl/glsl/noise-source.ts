// Noise of an element or of a counter in GLSL, from TensorFlow.js's uniforms.
import type { NoiseVariant } from "../../gpu/gpu.ts";
import { add64Glsl, multiply64Glsl } from "./counter.ts";
import { noiseGlsl } from "./noise.ts";
import { threefry2x32Glsl } from "./threefry-2x32.ts";

const drawnCounterGlsl = /* glsl */ `
uvec2 counterAt(int element) {
  uvec2 counter = uvec2(uint(offsetHi), uint(offsetLo));
  int column = element;
  // Once, where rows do not follow one another. SwiftShader leaves a loop that no lane is in, but runs both sides
  // of an if.
  while (column >= columns) {
    int row = column / columns;
    counter = add64(counter, multiply64(uvec2(uint(strideHi), uint(strideLo)), uint(row)));
    column -= row * columns;
  }
  return add64(counter, uvec2(0u, uint(column)));
}
float noiseOf(uvec2 counter) {
  return gumbelOf(threefry2x32(uvec2(uint(keyHi), uint(keyLo)), counter));
}
`;

/** Without noise no counter counts. */
const elementCounterGlsl = /* glsl */ `
uvec2 counterAt(int element) { return uvec2(0u, uint(element)); }
`;

const isLargerGlsl = /* glsl */ `
// Whether logit/temperature + noise is larger, compared as real numbers: logits first, so that large ones do not drown
// the noise, and by halves, so that their difference does not overflow.
bool isLarger(float logit, float noise, float otherLogit, float otherNoise) {
  return logit * 0.5 - otherLogit * 0.5 > 0.5 * temperature * (otherNoise - noise);
}
`;

const isLargerLogitGlsl = /* glsl */ `
bool isLarger(float logit, float noise, float otherLogit, float otherNoise) { return logit > otherLogit; }
`;

/**
 * `uvec2 counterAt(int element)`, `float noiseOf(uvec2 counter)`, `float noiseAt(int element)`: 0 without noise.
 * `bool isLarger(float logit, float noise, float otherLogit, float otherNoise)`: the order of perturbed logits.
 * `uvec2 add64(uvec2, uvec2)`, `uvec2 multiply64(uvec2, uint)`.
 */
export function noiseSourceGlsl(noise: NoiseVariant): string {
  const noiseAt = "float noiseAt(int element) { return noiseOf(counterAt(element)); }\n";
  const counters = add64Glsl + multiply64Glsl;
  if (noise === "none") {
    return `${counters}${elementCounterGlsl}float noiseOf(uvec2 counter) { return 0.0; }
${noiseAt}${isLargerLogitGlsl}`;
  }
  return `${counters}${threefry2x32Glsl}${noiseGlsl(noise)}${drawnCounterGlsl}${noiseAt}${isLargerGlsl}`;
}
