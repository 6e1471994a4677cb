// Noise of rows given their argmax, from unconditional noise: with E = exp(−g) and p = softmax(logits/temperature), −log(E/p) at the
// index of each row and −log(E + p·E_index) elsewhere.
import { CONDITIONAL_MARGIN, CONDITIONAL_PUSH } from "@gumbel/core/adapter";
import { expCoreGlsl } from "../../webgl/glsl/exp-core.ts";
import { isDegenerateGlsl, isMaskedGlsl } from "../../webgl/glsl/float-class.ts";
import { log1pCoreGlsl, logCoreGlsl } from "../../webgl/glsl/log-core.ts";
import { rowsGlsl } from "../../webgl/glsl/rows.ts";
import { expCoreWgsl, floatClassWgsl, logWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import { rowStartWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/** Half of what a scaled logit may be below 0, so that no sum of it, lifted by {@link CONDITIONAL_PUSH}, overflows. */
const LEAST_HALF = "-1.701408e38";

/** Temperature from which on no two logits of float32 are that far apart; a limit there would only lose digits. */
const BOUNDLESS = "2.000006";

/**
 * Conditional noise; NaN in a degenerate row and for an index that is out of range or masked. `sums` are those of
 * `exp((logit − max)/temperature)`, of rows of the logits like the maxima.
 */
export const conditionProgram: Program = {
  name: "condition",
  inputs: ["logits", "maxima", "sums", "indices", "noise"],
  dtype: "float32",
  glsl: () => `${isMaskedGlsl}${isDegenerateGlsl}${expCoreGlsl}${log1pCoreGlsl}${logCoreGlsl}${rowsGlsl}
float scaledLogit(float logit, float maximum) {
  float halfDistance = logit * 0.5 - maximum * 0.5;
  if (temperature <= ${BOUNDLESS}) halfDistance = max(halfDistance, ${LEAST_HALF} * min(temperature, 2.0));
  return halfDistance * (2.0 * inverseTemperature);
}
// exp(-g).
float exponential(float g) { return g < 0.0 ? 1.0 / expCore(g) : expCore(-g); }
float element(int index) {
  int row = rowOf(index);
  int offset = (index / block) * block;
  int rowOfLogits = row - offset / categories;
  float maximum = getMaxima(rowOfLogits);
  int category = int(getIndices(row));
  if (isDegenerate(floatBitsToUint(maximum)) || category < 0 || category >= categories) return NAN;
  int winner = rowStart(row) + category * inner;
  float winnersLogit = getLogits(winner - offset);
  if (isMasked(floatBitsToUint(winnersLogit))) return NAN;
  float winnersNoise = getNoise(winner);
  float sum = getSums(rowOfLogits);
  float z = winnersNoise + logCore(sum);
  float logit = getLogits(index - offset);
  float g = getNoise(index);
  if (isMasked(floatBitsToUint(logit))) return g;
  float s = scaledLogit(logit, maximum);
  if (index == winner) return z - s * ${1 + CONDITIONAL_PUSH};
  float p = expCore(max(s, -104.0)) / sum;
  float own = -logCore(exponential(g) + p * exponential(winnersNoise));
  float limit = z - ${CONDITIONAL_MARGIN} * max(1.0, abs(z));
  return min(own, limit - s * ${1 - CONDITIONAL_MARGIN});
}`,
  wgsl: () => `${floatClassWgsl}${expCoreWgsl}${logWgsl}${rowStartWgsl}
fn scaled_logit(logit: f32, maximum: f32) -> f32 {
  var half_distance = logit * 0.5f - maximum * 0.5f;
  if (uniforms.temperature <= ${BOUNDLESS}f) {
    half_distance = max(half_distance, ${LEAST_HALF}f * min(uniforms.temperature, 2f));
  }
  return half_distance * (2f * uniforms.inverseTemperature);
}
// exp(-g).
fn exponential(g: f32) -> f32 {
  if (g < 0f) { return 1f / exp_core(g); }
  return exp_core(-g);
}
fn element(index: i32) -> f32 {
  let upper = index / uniforms.inner;
  let row = upper / uniforms.categories * uniforms.inner + (index - upper * uniforms.inner);
  let offset = (index / uniforms.block) * uniforms.block;
  let row_of_logits = row - offset / uniforms.categories;
  let maximum = maxima[row_of_logits];
  let category = indices[row];
  let is_outside = category < 0 || category >= uniforms.categories;
  if (is_degenerate(bitcast<u32>(maximum)) || is_outside) { return uniforms.NAN; }
  let winner = row_start(row) + category * uniforms.inner;
  if (is_masked(bitcast<u32>(logits[winner - offset]))) { return uniforms.NAN; }
  let winners_noise = noise[winner];
  let sum = sums[row_of_logits];
  let z = winners_noise + log_core(sum);
  let logit = logits[index - offset];
  let g = noise[index];
  if (is_masked(bitcast<u32>(logit))) { return g; }
  let s = scaled_logit(logit, maximum);
  if (index == winner) { return z - s * ${1 + CONDITIONAL_PUSH}f; }
  let p = exp_core(max(s, -104f)) / sum;
  let own = -log_core(exponential(g) + p * exponential(winners_noise));
  let limit = z - ${CONDITIONAL_MARGIN}f * max(1f, abs(z));
  return min(own, limit - s * ${1 - CONDITIONAL_MARGIN}f);
}`,
};
