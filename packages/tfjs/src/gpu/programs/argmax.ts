// Argmax of the perturbed logits of each row, in chunks, by exact order. The argmax of a chunk is a category, −1 where
// all of it is masked, −2 where it is degenerate; that of a row is −1 where it is degenerate or masked throughout.
import { isDegenerateGlsl, isMaskedGlsl } from "../../webgl/glsl/float-class.ts";
import { noiseSourceGlsl } from "../../webgl/glsl/noise-source.ts";
import { rowsGlsl } from "../../webgl/glsl/rows.ts";
import { floatClassWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import { noiseSourceWgsl } from "../../webgpu/wgsl/noise-source.ts";
import { rowStartWgsl, spansOf, spanWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/** The argmax of each chunk of each row. Noise is drawn in passing. */
export const argmaxProgram: Program = {
  name: "argmax",
  inputs: ["logits"],
  dtype: "int32",
  glsl: (noise) => `${isMaskedGlsl}${isDegenerateGlsl}${noiseSourceGlsl(noise)}${rowsGlsl}
int element(int index) {
  int row = index / chunks;
  int chunk = index - row * chunks;
  int start = rowStart(row);
  // A row lies within one sample.
  int first = start - (start / block) * block;
  // Counters of a row are evenly spaced.
  uvec2 counter = counterAt(start + chunk * inner);
  uvec2 step = multiply64(uvec2(uint(stepHi), uint(stepLo)), uint(chunks));
  int leader = -1;
  float leaderLogit = 0.0;
  float leaderNoise = 0.0;
  bool degenerate = false;
  for (int j = chunk; j < categories; j += chunks) {
    float logit = getLogits(first + j * inner);
    uint bits = floatBitsToUint(logit);
    float g = noiseOf(counter);
    counter = add64(counter, step);
    degenerate = degenerate || isDegenerate(bits);
    if (!isMasked(bits) && (leader < 0 || isLarger(logit, g, leaderLogit, leaderNoise))) {
      leader = j;
      leaderLogit = logit;
      leaderNoise = g;
    }
  }
  return degenerate ? (chunks > 1 ? -2 : -1) : leader;
}`,
  wgsl: (noise) => `${floatClassWgsl}${noiseSourceWgsl(noise)}${rowStartWgsl}
fn element(index: i32) -> i32 {
  let row = index / uniforms.chunks;
  let chunk = index - row * uniforms.chunks;
  let start = row_start(row);
  // A row lies within one sample.
  let first = start - (start / uniforms.block) * uniforms.block;
  // Counters of a row are evenly spaced.
  let category_step = bitcast<vec2<u32>>(vec2<i32>(uniforms.stepHi, uniforms.stepLo));
  let step = multiply_64(category_step, u32(uniforms.chunks));
  var counter = counter_at(start + chunk * uniforms.inner);
  var leader = -1;
  var leader_logit = 0f;
  var leader_noise = 0f;
  var degenerate = false;
  for (var j = chunk; j < uniforms.categories; j += 2 * uniforms.chunks) {
    // Two at a time. The second may lie behind the end: then it is the first again, which is not larger.
    let is_pair = j + uniforms.chunks < uniforms.categories;
    let k = select(j, j + uniforms.chunks, is_pair);
    let x = vec2<f32>(logits[first + j * uniforms.inner], logits[first + k * uniforms.inner]);
    let bits = bitcast<vec2<u32>>(x);
    let next = select(counter, add_64(counter, step), is_pair);
    let g = noise_of_2(counter, next);
    counter = add_64(next, step);
    degenerate = degenerate || is_degenerate(bits.x) || is_degenerate(bits.y);
    if (!is_masked(bits.x) && (leader < 0 || is_larger(x.x, g.x, leader_logit, leader_noise))) {
      leader = j;
      leader_logit = x.x;
      leader_noise = g.x;
    }
    if (!is_masked(bits.y) && (leader < 0 || is_larger(x.y, g.y, leader_logit, leader_noise))) {
      leader = k;
      leader_logit = x.y;
      leader_noise = g.y;
    }
  }
  return select(leader, select(-1, -2, uniforms.chunks > 1), degenerate);
}`,
};

/** The argmax of `count` chunks' argmaxes of each row, in chunks again. Their noise is drawn again. */
export const argmaxOfChunksProgram: Program = {
  name: "argmaxOfChunks",
  inputs: ["logits", "argmaxes"],
  dtype: "int32",
  glsl: (noise) => `${noiseSourceGlsl(noise)}${rowsGlsl}
int element(int index) {
  int row = index / chunks;
  int start = rowStart(row);
  int leader = -1;
  float leaderLogit = 0.0;
  float leaderNoise = 0.0;
  for (int c = index - row * chunks; c < count; c += chunks) {
    int j = int(getArgmaxes(row * count + c));
    if (j == -2) return chunks > 1 ? -2 : -1;
    if (j < 0) continue;
    int at = start + j * inner;
    float logit = getLogits(at - (at / block) * block);
    float g = noiseAt(at);
    bool isFirst = leader < 0 || isLarger(logit, g, leaderLogit, leaderNoise);
    if (isFirst || (j < leader && !isLarger(leaderLogit, leaderNoise, logit, g))) {
      leader = j;
      leaderLogit = logit;
      leaderNoise = g;
    }
  }
  return leader;
}`,
  wgsl: (noise) => `${noiseSourceWgsl(noise)}${rowStartWgsl}
fn element(index: i32) -> i32 {
  let row = index / uniforms.chunks;
  let start = row_start(row);
  var leader = -1;
  var leader_logit = 0f;
  var leader_noise = 0f;
  for (var c = index - row * uniforms.chunks; c < uniforms.count; c += uniforms.chunks) {
    let j = argmaxes[row * uniforms.count + c];
    if (j == -2) { return select(-1, -2, uniforms.chunks > 1); }
    if (j < 0) { continue; }
    let at = start + j * uniforms.inner;
    let logit = logits[at - (at / uniforms.block) * uniforms.block];
    let g = noise_at(at);
    let is_first = leader < 0 || is_larger(logit, g, leader_logit, leader_noise);
    if (is_first || (j < leader && !is_larger(leader_logit, leader_noise, logit, g))) {
      leader = j;
      leader_logit = logit;
      leader_noise = g;
    }
  }
  return leader;
}`,
};

/** 1 at each row's argmax, 0 elsewhere, NaN in a degenerate row. */
export const oneHotProgram: Program = {
  name: "oneHot",
  inputs: ["argmaxes"],
  dtype: "float32",
  glsl: () => `${rowsGlsl}
float element(int index) {
  int row = rowOf(index);
  int leader = int(getArgmaxes(row));
  if (leader < 0) return NAN;
  return rowStart(row) + leader * inner == index ? 1.0 : 0.0;
}`,
  wgsl: () => `${rowStartWgsl}
fn store(index: i32) {
  ${spanWgsl}
  let leader = argmaxes[row];
  for (var j = index - row * spans; j < uniforms.categories; j += spans) {
    let y = select(0f, 1f, leader == j);
    setOutputAtIndex(start + j * uniforms.inner, select(y, uniforms.NAN, leader < 0));
  }
}`,
  invocations: spansOf,
};
