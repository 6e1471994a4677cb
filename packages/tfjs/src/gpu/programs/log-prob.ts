// Log-probability of a category of each row, from the row's largest logit and sum of exponentials.
import { isDegenerateGlsl, isMaskedGlsl } from "../../webgl/glsl/float-class.ts";
import { log1pCoreGlsl, logCoreGlsl } from "../../webgl/glsl/log-core.ts";
import { rowsGlsl } from "../../webgl/glsl/rows.ts";
import { floatClassWgsl, logWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import { rowStartWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/**
 * `(logit − max logit)/temperature − log Σ exp(…)` at each row's index, at least −FLT_MAX; −∞ under a mask, NaN in a
 * degenerate row and for an index out of range.
 */
export const logProbProgram: Program = {
  name: "logProb",
  inputs: ["logits", "maxima", "sums", "indices"],
  dtype: "float32",
  glsl: () => `${isMaskedGlsl}${isDegenerateGlsl}${log1pCoreGlsl}${logCoreGlsl}${rowsGlsl}
float element(int row) {
  float maximum = getMaxima(row);
  bool degenerate = isDegenerate(floatBitsToUint(maximum));
  int category = int(getIndices(row));
  if (degenerate || category < 0 || category >= categories) return NAN;
  float logit = getLogits(rowStart(row) + category * inner);
  if (isMasked(floatBitsToUint(logit))) return logit;
  float halfDistance = logit * 0.5 - maximum * 0.5;
  // A little above −FLT_MAX, so that no rounding overflows.
  float limit = -1.701411e38 * min(temperature, 1.0);
  return max(halfDistance, limit) * (2.0 * inverseTemperature) - logCore(getSums(row));
}`,
  wgsl: () => `${floatClassWgsl}${logWgsl}${rowStartWgsl}
fn element(row: i32) -> f32 {
  let maximum = maxima[row];
  let degenerate = is_degenerate(bitcast<u32>(maximum));
  let category = indices[row];
  if (degenerate || category < 0 || category >= uniforms.categories) { return uniforms.NAN; }
  let logit = logits[row_start(row) + category * uniforms.inner];
  if (is_masked(bitcast<u32>(logit))) { return logit; }
  let half_distance = logit * 0.5f - maximum * 0.5f;
  // A little above −FLT_MAX, so that no rounding overflows.
  let limit = -1.701411e38f * min(uniforms.temperature, 1f);
  return max(half_distance, limit) * (2f * uniforms.inverseTemperature) - log_core(sums[row]);
}`,
};
