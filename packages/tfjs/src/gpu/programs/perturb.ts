// Logits with their noise, less the row's largest logit: logits of any size leave the noise its digits.
import { isDegenerateGlsl, isMaskedGlsl } from "../../webgl/glsl/float-class.ts";
import { noiseSourceGlsl } from "../../webgl/glsl/noise-source.ts";
import { rowsGlsl } from "../../webgl/glsl/rows.ts";
import { noiseSourceWgsl } from "../../webgpu/wgsl/noise-source.ts";
import { rowStartWgsl, spansOf, spanWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/**
 * `(logit − max logit + temperature·g)/2`: in the order of `logit/temperature + g`, and within float32 whatever the
 * logits and the temperature. Masks, NaN and +∞ stay what they are.
 */
export const perturbProgram: Program = {
  name: "perturb",
  inputs: ["logits", "maxima"],
  dtype: "float32",
  glsl: (noise) => `${isMaskedGlsl}${isDegenerateGlsl}${noiseSourceGlsl(noise)}${rowsGlsl}
float element(int index) {
  int offset = (index / block) * block;
  float logit = getLogits(index - offset);
  uint bits = floatBitsToUint(logit);
  if (isMasked(bits) || isDegenerate(bits)) return logit;
  float largest = getMaxima(rowOf(index - offset));
  return (logit * 0.5 - largest * 0.5) + 0.5 * temperature * noiseAt(index);
}`,
  wgsl: (noise) => `${noiseSourceWgsl(noise)}${rowStartWgsl}
fn store(index: i32) {
  ${spanWgsl}
  let offset = (start / uniforms.block) * uniforms.block;
  let largest = maxima[row - offset / uniforms.categories];
  // Two at a time; the second may lie behind the end.
  for (var j = index - row * spans; j < uniforms.categories; j += 2 * spans) {
    let a = start + j * uniforms.inner;
    let is_pair = j + spans < uniforms.categories;
    let b = select(a, a + spans * uniforms.inner, is_pair);
    let x = vec2<f32>(logits[a - offset], logits[b - offset]);
    let bits = bitcast<vec2<u32>>(x);
    let is_special = (bits & vec2<u32>(0x7f800000u)) == vec2<u32>(0x7f800000u);
    let g = noise_of_2(counter_at(a), counter_at(b));
    let z = (x * 0.5f - largest * 0.5f) + 0.5f * uniforms.temperature * g;
    let kept = bitcast<vec2<f32>>(select(bitcast<vec2<u32>>(z), bits, is_special));
    setOutputAtIndex(a, kept.x);
    if (is_pair) { setOutputAtIndex(b, kept.y); }
  }
}`,
  invocations: spansOf,
};
