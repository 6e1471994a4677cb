// Gumbel-top-k: a bitonic sort of categories by perturbed logits, and the values of the first places. No value moves,
// only categories do; −1 pads the runs.
import { isDegenerateGlsl, isMaskedGlsl } from "../../webgl/glsl/float-class.ts";
import { noiseSourceGlsl } from "../../webgl/glsl/noise-source.ts";
import { rowsGlsl } from "../../webgl/glsl/rows.ts";
import { floatClassWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import { noiseSourceWgsl } from "../../webgpu/wgsl/noise-source.ts";
import { rowStartWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/** Categories 0, 1, … of each row, padded with −1 to whole runs. */
export const categoriesProgram: Program = {
  name: "categories",
  inputs: [],
  dtype: "int32",
  glsl: () => `
int element(int index) {
  int place = index - (index / (runs * width)) * runs * width;
  return place < categories ? place : -1;
}`,
  wgsl: () => `
fn element(index: i32) -> i32 {
  let padded = uniforms.runs * uniforms.width;
  let place = index - (index / padded) * padded;
  return select(-1, place, place < uniforms.categories);
}`,
};

/** `int firstOf(int start, int a, int b)`: the category that comes first; masked ones come last, −1 after them. */
const firstOfGlsl = /* glsl */ `
int firstOf(int start, int a, int b) {
  if (a < 0) return b;
  if (b < 0) return a;
  float za = getPerturbed(start + a * inner);
  float zb = getPerturbed(start + b * inner);
  bool maskedA = isMasked(floatBitsToUint(za));
  bool maskedB = isMasked(floatBitsToUint(zb));
  if (maskedA != maskedB) return maskedA ? b : a;
  if (!maskedA && za > zb) return a;
  if (!maskedA && zb > za) return b;
  return min(a, b);
}
`;

/** `fn first_of(start: i32, a: i32, b: i32) -> i32`: the same. */
const firstOfWgsl = /* wgsl */ `
fn first_of(start: i32, a: i32, b: i32) -> i32 {
  if (a < 0) { return b; }
  if (b < 0) { return a; }
  let za = perturbed[start + a * uniforms.inner];
  let zb = perturbed[start + b * uniforms.inner];
  let masked_a = is_masked(bitcast<u32>(za));
  let masked_b = is_masked(bitcast<u32>(zb));
  if (masked_a != masked_b) { return select(a, b, masked_a); }
  if (!masked_a && za > zb) { return a; }
  if (!masked_a && zb > za) { return b; }
  return min(a, b);
}
`;

/** One step of a bitonic sort of each run: compares and exchanges. */
export const exchangeProgram: Program = {
  name: "exchange",
  inputs: ["perturbed", "order"],
  dtype: "int32",
  glsl: () => `${isMaskedGlsl}${rowsGlsl}${firstOfGlsl}
int element(int index) {
  int within = index & (2 * span - 1);
  int partner = mirrored == 1 ? index - within + (2 * span - 1 - within) : index ^ span;
  int lower = int(getOrder(min(index, partner)));
  int upper = int(getOrder(max(index, partner)));
  int first = firstOf(rowStart(index / (runs * width)), lower, upper);
  if (index < partner) return first;
  return first == lower ? upper : lower;
}`,
  wgsl: () => `${floatClassWgsl}${rowStartWgsl}${firstOfWgsl}
fn element(index: i32) -> i32 {
  let last = 2 * uniforms.span - 1;
  let within = index & last;
  let partner = select(index ^ uniforms.span, index - within + (last - within), uniforms.mirrored == 1);
  let lower = order[min(index, partner)];
  let upper = order[max(index, partner)];
  let first = first_of(row_start(index / (uniforms.runs * uniforms.width)), lower, upper);
  if (index < partner) { return first; }
  return select(lower, upper, first == lower);
}`,
};

/** Halves the number of runs, keeping the first `width` of each two, as a bitonic sequence. */
export const mergeProgram: Program = {
  name: "merge",
  inputs: ["perturbed", "order"],
  dtype: "int32",
  glsl: () => `${isMaskedGlsl}${rowsGlsl}${firstOfGlsl}
int element(int index) {
  int fewer = (runs + 1) / 2;
  int place = index & (width - 1);
  int run = index / width;
  int row = run / fewer;
  int left = 2 * (run - row * fewer);
  int start = (row * runs + left) * width;
  int one = int(getOrder(start + place));
  if (left + 1 == runs) return one;
  return firstOf(rowStart(row), one, int(getOrder(start + 2 * width - 1 - place)));
}`,
  wgsl: () => `${floatClassWgsl}${rowStartWgsl}${firstOfWgsl}
fn element(index: i32) -> i32 {
  let fewer = (uniforms.runs + 1) / 2;
  let place = index & (uniforms.width - 1);
  let run = index / uniforms.width;
  let row = run / fewer;
  let left = 2 * (run - row * fewer);
  let start = (row * uniforms.runs + left) * uniforms.width;
  let one = order[start + place];
  if (left + 1 == uniforms.runs) { return one; }
  return first_of(row_start(row), one, order[start + 2 * uniforms.width - 1 - place]);
}`,
};

/** `ivec2 placeOf(int index)`: row and category of a place of the output, [outer, places, inner]; −1 in a degenerate row. */
const placeOfGlsl = /* glsl */ `
ivec2 placeOf(int index) {
  int upper = index / inner;
  int front = upper / places;
  int row = front * inner + (index - upper * inner);
  if (isDegenerate(floatBitsToUint(getMaxima(row)))) return ivec2(row, -1);
  return ivec2(row, int(getOrder(row * width + (upper - front * places))));
}
`;

/** `fn place_of(index: i32) -> vec2<i32>`: the same. */
const placeOfWgsl = /* wgsl */ `
fn place_of(index: i32) -> vec2<i32> {
  let upper = index / uniforms.inner;
  let front = upper / uniforms.places;
  let row = front * uniforms.inner + (index - upper * uniforms.inner);
  if (is_degenerate(bitcast<u32>(maxima[row]))) { return vec2<i32>(row, -1); }
  return vec2<i32>(row, order[row * uniforms.width + (upper - front * uniforms.places)]);
}
`;

/** `logit/temperature + g` of the first places, within ±FLT_MAX; −∞ under a mask, NaN in a degenerate row. */
export const topValuesProgram: Program = {
  name: "topValues",
  inputs: ["logits", "order", "maxima"],
  dtype: "float32",
  glsl: (noise) => `${isMaskedGlsl}${isDegenerateGlsl}${noiseSourceGlsl(noise)}${rowsGlsl}${placeOfGlsl}
float element(int index) {
  ivec2 place = placeOf(index);
  if (place.y < 0) return NAN;
  int at = rowStart(place.x) + place.y * inner;
  float logit = getLogits(at);
  if (isMasked(floatBitsToUint(logit))) return logit;
  // A little below FLT_MAX, so that no rounding overflows.
  float limit = 3.402822e38 * min(temperature, 1.0);
  return clamp(logit, -limit, limit) * inverseTemperature + noiseAt(at);
}`,
  wgsl: (noise) => `${floatClassWgsl}${noiseSourceWgsl(noise)}${rowStartWgsl}${placeOfWgsl}
fn element(index: i32) -> f32 {
  let place = place_of(index);
  if (place.y < 0) { return uniforms.NAN; }
  let at = row_start(place.x) + place.y * uniforms.inner;
  let logit = logits[at];
  if (is_masked(bitcast<u32>(logit))) { return logit; }
  // A little below FLT_MAX, so that no rounding overflows.
  let limit = 3.402822e38f * min(uniforms.temperature, 1f);
  return clamp(logit, -limit, limit) * uniforms.inverseTemperature + noise_at(at);
}`,
};

/** Categories of the first places; −1 under a mask and in a degenerate row. */
export const topIndicesProgram: Program = {
  name: "topIndices",
  inputs: ["logits", "order", "maxima"],
  dtype: "int32",
  glsl: () => `${isMaskedGlsl}${isDegenerateGlsl}${rowsGlsl}${placeOfGlsl}
int element(int index) {
  ivec2 place = placeOf(index);
  if (place.y < 0) return -1;
  return isMasked(floatBitsToUint(getLogits(rowStart(place.x) + place.y * inner))) ? -1 : place.y;
}`,
  wgsl: () => `${floatClassWgsl}${rowStartWgsl}${placeOfWgsl}
fn element(index: i32) -> i32 {
  let place = place_of(index);
  if (place.y < 0) { return -1; }
  let logit = logits[row_start(place.x) + place.y * uniforms.inner];
  return select(place.y, -1, is_masked(bitcast<u32>(logit)));
}`,
};
