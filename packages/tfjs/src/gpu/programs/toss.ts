// Relaxed coin tosses, from Gumbel noise g of the same uniform u, and the density of their logits.
import { expCoreGlsl } from "../../webgl/glsl/exp-core.ts";
import { log1pCoreGlsl, logCoreGlsl } from "../../webgl/glsl/log-core.ts";
import { expCoreWgsl, logWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import type { Program } from "../gpu.ts";

/** What a toss gives: a value in [0, 1], exactly 1 or 0, or the logit of the value. */
export type Toss = "soft" | "hard" | "logit";

// Logistic noise is ln u − ln(1 − u) = −ln(e^w − 1) with w = −ln u = e^−g: below w = 1 g − ln((e^w − 1)/w), of a series whose error is
// below 3e-8, and from there on −w − ln(1 − e^−w).

const TERMS = [8, 7, 6, 5, 4, 3, 2];
const seriesGlsl = TERMS.reduce((inner, n) => `1.0 + w / ${n}.0 * (${inner})`, "1.0 + w / 9.0");
const seriesWgsl = TERMS.reduce((inner, n) => `1f + w / ${n}f * (${inner})`, "1f + w / 9f");

/** `float logistic(float g)`. */
const logisticGlsl = `${log1pCoreGlsl}${logCoreGlsl}${expCoreGlsl}
float logistic(float g) {
  if (g > 0.0) {
    float w = expCore(-g);
    return g - logCore(${seriesGlsl});
  }
  float w = 1.0 / expCore(g);
  return -w - logCore(1.0 - expCore(-w));
}
float sigmoid(float x) {
  float e = expCore(max(-abs(x), -104.0));
  return x < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}
`;

/** `fn logistic(g: f32) -> f32`: the same. */
const logisticWgsl = `${logWgsl}${expCoreWgsl}
fn logistic(g: f32) -> f32 {
  if (g > 0f) {
    let w = exp_core(-g);
    return g - log_core(${seriesWgsl});
  }
  let w = 1f / exp_core(g);
  return -w - log_core(1f - exp_core(-w));
}
fn sigmoid(x: f32) -> f32 {
  let e = exp_core(max(-abs(x), -104f));
  return select(1f / (1f + e), e / (1f + e), x < 0f);
}
`;

/** A little below FLT_MAX, so that no rounding overflows. */
const LARGEST = "3.402822e38";

/** What a toss gives for a logit of −∞, of +∞, and for `z = logit + L` with `x = z/temperature`, in both languages. */
const RESULTS: Readonly<Record<Toss, Readonly<Record<"never" | "always" | "glsl" | "wgsl", string>>>> = {
  soft: { never: "0.0", always: "1.0", glsl: "sigmoid(x)", wgsl: "sigmoid(x)" },
  hard: { never: "0.0", always: "1.0", glsl: "z > 0.0 ? 1.0 : 0.0", wgsl: "select(0.0, 1.0, z > 0f)" },
  logit: { never: "logit", always: "logit", glsl: "x", wgsl: "x" },
};

/** `σ((logit + L)/temperature)`, whether `logit + L` is above 0, or `(logit + L)/temperature`. Elements repeat the logits. */
export function tossProgram(toss: Toss): Program {
  const { never, always, glsl, wgsl } = RESULTS[toss];
  return {
    name: `toss-${toss}`,
    inputs: ["logits", "noise"],
    dtype: "float32",
    glsl: () => `${logisticGlsl}
float element(int index) {
  float logit = getLogits(index - (index / block) * block);
  uint bits = floatBitsToUint(logit);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return NAN;
  if (bits == 0xff800000u) return ${never};
  if (bits == 0x7f800000u) return ${always};
  float z = logit + logistic(getNoise(index));
  float limit = ${LARGEST} * min(temperature, 1.0);
  float x = clamp(z, -limit, limit) * inverseTemperature;
  return ${glsl};
}`,
    wgsl: () => `${logisticWgsl}
fn element(index: i32) -> f32 {
  let logit = logits[index - (index / uniforms.block) * uniforms.block];
  let bits = bitcast<u32>(logit);
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return uniforms.NAN; }
  if (bits == 0xff800000u) { return ${never}; }
  if (bits == 0x7f800000u) { return ${always}; }
  let z = logit + logistic(noise[index]);
  let limit = ${LARGEST}f * min(uniforms.temperature, 1f);
  let x = clamp(z, -limit, limit) * uniforms.inverseTemperature;
  return ${wgsl};
}`,
  };
}

/** `ln τ − |d| − 2·ln(1 + e^−|d|)` with `d = logit − τ·sample`, by halves; −∞ where d is infinite, NaN where it is NaN. */
export const tossDensityProgram: Program = {
  name: "tossDensity",
  inputs: ["logits", "samples"],
  dtype: "float32",
  glsl: () => `${log1pCoreGlsl}${logCoreGlsl}${expCoreGlsl}
float element(int index) {
  float logit = getLogits(index - (index / block) * block);
  float x = getSamples(index);
  uint a = floatBitsToUint(logit);
  uint b = floatBitsToUint(x);
  uint sizeA = a & 0x7fffffffu;
  uint sizeB = b & 0x7fffffffu;
  bool bothInfinite = sizeA == 0x7f800000u && a == b;
  if (sizeA > 0x7f800000u || sizeB > 0x7f800000u || bothInfinite) return NAN;
  if (sizeA == 0x7f800000u) return -abs(logit);
  if (sizeB == 0x7f800000u) return -abs(x);
  float halfDistance = min(abs(logit * 0.5 - 0.5 * temperature * x), 1.701411e38);
  float e = expCore(max(-2.0 * halfDistance, -104.0));
  return max(-2.0 * halfDistance + (logCore(temperature) - 2.0 * logCore(1.0 + e)), -${LARGEST});
}`,
  wgsl: () => `${logWgsl}${expCoreWgsl}
fn element(index: i32) -> f32 {
  let logit = logits[index - (index / uniforms.block) * uniforms.block];
  let x = samples[index];
  let a = bitcast<u32>(logit);
  let b = bitcast<u32>(x);
  let size_a = a & 0x7fffffffu;
  let size_b = b & 0x7fffffffu;
  let both_infinite = size_a == 0x7f800000u && a == b;
  if (size_a > 0x7f800000u || size_b > 0x7f800000u || both_infinite) { return uniforms.NAN; }
  if (size_a == 0x7f800000u) { return -abs(logit); }
  if (size_b == 0x7f800000u) { return -abs(x); }
  let half_distance = min(abs(logit * 0.5f - 0.5f * uniforms.temperature * x), 1.701411e38f);
  let e = exp_core(max(-2f * half_distance, -104f));
  return max(-2f * half_distance + (log_core(uniforms.temperature) - 2f * log_core(1f + e)), -${LARGEST}f);
}`,
};
