// Softmax of perturbed logits z from their maxima, and its vector-Jacobian product.
import { expCoreGlsl } from "../../webgl/glsl/exp-core.ts";
import { isDegenerateGlsl, isMaskedGlsl } from "../../webgl/glsl/float-class.ts";
import { log1pCoreGlsl, logCoreGlsl } from "../../webgl/glsl/log-core.ts";
import { blockSumGlsl, rowsGlsl } from "../../webgl/glsl/rows.ts";
import { expCoreWgsl, floatClassWgsl, logWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import { blockSumWgsl, rowStartWgsl, spansOf, spanWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

// `exp((z − max z)/temperature)`. Distances are halved, so that they do not overflow; from 52·temperature on, exp is
// below float32's normal range.

/** `float expOf(float z, float maximum)`. */
const expGlsl: string = `${isMaskedGlsl}${expCoreGlsl}
float expOf(float z, float maximum) {
  if (isMasked(floatBitsToUint(z))) return 0.0;
  float halfDistance = z * 0.5 - maximum * 0.5;
  return expCore(clamp(halfDistance, -52.0 * temperature, 0.0) * (2.0 * inverseTemperature));
}
`;

/** `fn exp_of(z: f32, maximum: f32) -> f32`: the same. */
const expWgsl: string = `${floatClassWgsl}${expCoreWgsl}
fn exp_of(z: f32, maximum: f32) -> f32 {
  if (is_masked(bitcast<u32>(z))) { return 0f; }
  let half_distance = z * 0.5f - maximum * 0.5f;
  return exp_core(clamp(half_distance, -52f * uniforms.temperature, 0f) * (2f * uniforms.inverseTemperature));
}
`;

/** `Σ exp((z − max z)/temperature)` of each chunk; 0 in a degenerate row. */
export const sumExpProgram: Program = {
  name: "sumExp",
  inputs: ["z", "maxima"],
  dtype: "float32",
  glsl: () => `${isDegenerateGlsl}${expGlsl}${rowsGlsl}
float element(int index) {
  int row = index / chunks;
  int chunk = index - row * chunks;
  int start = rowStart(row);
  float maximum = getMaxima(row);
  if (isDegenerate(floatBitsToUint(maximum))) return 0.0;
  ${blockSumGlsl("expOf(getZ(start + j * inner), maximum)", "categories")}
  return total;
}`,
  wgsl: () => `${expWgsl}${rowStartWgsl}
fn element(index: i32) -> f32 {
  let row = index / uniforms.chunks;
  let chunk = index - row * uniforms.chunks;
  let start = row_start(row);
  let maximum = maxima[row];
  if (is_degenerate(bitcast<u32>(maximum))) { return 0f; }
  ${blockSumWgsl("exp_of(z[start + j * uniforms.inner], maximum)", "uniforms.categories")}
  return total;
}`,
};

/** `exp((z − max z)/temperature)` over the row's sum; NaN in a degenerate row. */
export const normalizeProgram: Program = {
  name: "normalize",
  inputs: ["z", "maxima", "sums"],
  dtype: "float32",
  glsl: () => `${isDegenerateGlsl}${expGlsl}${rowsGlsl}
float element(int index) {
  int row = rowOf(index);
  float maximum = getMaxima(row);
  if (isDegenerate(floatBitsToUint(maximum))) return NAN;
  return min(expOf(getZ(index), maximum) / getSums(row), 1.0);
}`,
  wgsl: () => `${expWgsl}${rowStartWgsl}
fn store(index: i32) {
  ${spanWgsl}
  let maximum = maxima[row];
  let degenerate = is_degenerate(bitcast<u32>(maximum));
  let sum = sums[row];
  for (var j = index - row * spans; j < uniforms.categories; j += spans) {
    let at = start + j * uniforms.inner;
    setOutputAtIndex(at, select(min(exp_of(z[at], maximum) / sum, 1f), uniforms.NAN, degenerate));
  }
}`,
  invocations: spansOf,
};

/**
 * `(z − max z)/temperature − log Σ exp(…)`, at least −FLT_MAX; −∞ under a mask, NaN in a degenerate row.
 * Distances are halved here too.
 */
export const logNormalizeProgram: Program = {
  name: "logNormalize",
  inputs: ["z", "maxima", "sums"],
  dtype: "float32",
  glsl: () => `${isMaskedGlsl}${isDegenerateGlsl}${log1pCoreGlsl}${logCoreGlsl}${rowsGlsl}
float element(int index) {
  int row = rowOf(index);
  float maximum = getMaxima(row);
  if (isDegenerate(floatBitsToUint(maximum))) return NAN;
  float x = getZ(index);
  if (isMasked(floatBitsToUint(x))) return x;
  float halfDistance = x * 0.5 - maximum * 0.5;
  // A little above −FLT_MAX, so that no rounding overflows.
  float limit = -1.701411e38 * min(temperature, 1.0);
  return max(halfDistance, limit) * (2.0 * inverseTemperature) - logCore(getSums(row));
}`,
  wgsl: () => `${floatClassWgsl}${logWgsl}${rowStartWgsl}
fn log_at(x: f32, maximum: f32, log_sum: f32) -> f32 {
  if (is_masked(bitcast<u32>(x))) { return x; }
  let half_distance = x * 0.5f - maximum * 0.5f;
  // A little above −FLT_MAX, so that no rounding overflows.
  let limit = -1.701411e38f * min(uniforms.temperature, 1f);
  return max(half_distance, limit) * (2f * uniforms.inverseTemperature) - log_sum;
}
fn store(index: i32) {
  ${spanWgsl}
  let maximum = maxima[row];
  let degenerate = is_degenerate(bitcast<u32>(maximum));
  let log_sum = log_core(sums[row]);
  for (var j = index - row * spans; j < uniforms.categories; j += spans) {
    let at = start + j * uniforms.inner;
    setOutputAtIndex(at, select(log_at(z[at], maximum, log_sum), uniforms.NAN, degenerate));
  }
}`,
  invocations: spansOf,
};

/** `Σ y·c` of each chunk. Where y is 0 no cotangent counts, however large. */
export const dotProgram: Program = {
  name: "dot",
  inputs: ["probabilities", "cotangent"],
  dtype: "float32",
  glsl: () => `${isDegenerateGlsl}${rowsGlsl}
float product(int at) {
  float y = getProbabilities(at);
  return isDegenerate(floatBitsToUint(y)) || y == 0.0 ? 0.0 : y * getCotangent(at);
}
float element(int index) {
  int row = index / chunks;
  int chunk = index - row * chunks;
  int start = rowStart(row);
  ${blockSumGlsl("product(start + j * inner)", "categories")}
  return total;
}`,
  wgsl: () => `${floatClassWgsl}${rowStartWgsl}
fn product_at(at: i32) -> f32 {
  let y = probabilities[at];
  if (is_degenerate(bitcast<u32>(y)) || y == 0f) { return 0f; }
  return y * cotangent[at];
}
fn element(index: i32) -> f32 {
  let row = index / uniforms.chunks;
  let chunk = index - row * uniforms.chunks;
  let start = row_start(row);
  ${blockSumWgsl("product_at(start + j * uniforms.inner)", "uniforms.categories")}
  return total;
}`,
};

/** `y·(c − Σ y·c)/temperature`; 0 where y is, NaN where y is NaN. */
export const gradientProgram: Program = {
  name: "gradient",
  inputs: ["probabilities", "cotangent", "dots"],
  dtype: "float32",
  glsl: () => `${isDegenerateGlsl}${rowsGlsl}
float element(int index) {
  float y = getProbabilities(index);
  if (isDegenerate(floatBitsToUint(y))) return NAN;
  if (y == 0.0) return 0.0;
  return y * (getCotangent(index) - getDots(rowOf(index))) * inverseTemperature;
}`,
  wgsl: () => `${floatClassWgsl}${rowStartWgsl}
fn gradient_at(at: i32, dot: f32) -> f32 {
  let y = probabilities[at];
  if (is_degenerate(bitcast<u32>(y))) { return uniforms.NAN; }
  if (y == 0f) { return 0f; }
  return y * (cotangent[at] - dot) * uniforms.inverseTemperature;
}
fn store(index: i32) {
  ${spanWgsl}
  let dot = dots[row];
  for (var j = index - row * spans; j < uniforms.categories; j += spans) {
    let at = start + j * uniforms.inner;
    setOutputAtIndex(at, gradient_at(at, dot));
  }
}`,
  invocations: spansOf,
};
