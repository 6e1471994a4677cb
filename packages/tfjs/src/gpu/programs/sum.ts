// Sums over a dimension.
import { blockSumGlsl } from "../../webgl/glsl/rows.ts";
import { blockSumWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

/** Sums of the middle dimension of [a, count, inner], in chunks; NaN where a summand is. */
export const sumProgram: Program = {
  name: "sum",
  inputs: ["summands"],
  dtype: "float32",
  glsl: () => `
float checked(float summand, inout bool degenerate) {
  degenerate = degenerate || (floatBitsToUint(summand) & 0x7fffffffu) > 0x7f800000u;
  return summand;
}
float element(int index) {
  int upper = index / inner;
  int front = upper / chunks;
  int chunk = upper - front * chunks;
  int start = front * count * inner + (index - upper * inner);
  bool degenerate = false;
  ${blockSumGlsl("checked(getSummands(start + j * inner), degenerate)", "count")}
  return degenerate ? NAN : total;
}`,
  wgsl: () => `
fn checked(summand: f32, degenerate: ptr<function, bool>) -> f32 {
  *degenerate = *degenerate || (bitcast<u32>(summand) & 0x7fffffffu) > 0x7f800000u;
  return summand;
}
fn element(index: i32) -> f32 {
  let upper = index / uniforms.inner;
  let front = upper / uniforms.chunks;
  let chunk = upper - front * uniforms.chunks;
  let start = front * uniforms.count * uniforms.inner + (index - upper * uniforms.inner);
  var degenerate = false;
  ${blockSumWgsl("checked(summands[start + j * uniforms.inner], &degenerate)", "uniforms.count")}
  return select(total, uniforms.NAN, degenerate);
}`,
};
