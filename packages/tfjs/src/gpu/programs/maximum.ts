// The largest element of each row, in chunks: NaN where one of them is NaN or +∞, −∞ where all of them are masked.
import { isDegenerateGlsl } from "../../webgl/glsl/float-class.ts";
import { rowsGlsl } from "../../webgl/glsl/rows.ts";
import { floatClassWgsl } from "../../webgpu/wgsl/arithmetic.ts";
import { rowStartWgsl } from "../../webgpu/wgsl/rows.ts";
import type { Program } from "../gpu.ts";

// −∞ and NaN are found by their bits: GLSL ES and WGSL need not compare them.

/** The maximum of each chunk. Where a row is one chunk, a row that is masked throughout is degenerate: NaN. */
export const maximumProgram: Program = {
  name: "maximum",
  inputs: ["values"],
  dtype: "float32",
  glsl: () => `${isDegenerateGlsl}${rowsGlsl}
float element(int index) {
  int row = index / chunks;
  int start = rowStart(row);
  uint masked = 0xff800000u;
  float maximum = uintBitsToFloat(masked);
  bool isAllMasked = true;
  bool degenerate = false;
  for (int j = index - row * chunks; j < categories; j += chunks) {
    float value = getValues(start + j * inner);
    uint bits = floatBitsToUint(value);
    degenerate = degenerate || isDegenerate(bits);
    if (bits != masked && (isAllMasked || value > maximum)) {
      maximum = value;
      isAllMasked = false;
    }
  }
  return degenerate || (isAllMasked && chunks == 1) ? NAN : maximum;
}`,
  wgsl: () => `${floatClassWgsl}${rowStartWgsl}
fn element(index: i32) -> f32 {
  let row = index / uniforms.chunks;
  let start = row_start(row);
  let masked = -uniforms.INFINITY;
  var maximum = masked;
  var is_all_masked = true;
  var degenerate = false;
  for (var j = index - row * uniforms.chunks; j < uniforms.categories; j += uniforms.chunks) {
    let value = values[start + j * uniforms.inner];
    let bits = bitcast<u32>(value);
    degenerate = degenerate || is_degenerate(bits);
    if (!is_masked(bits) && (is_all_masked || value > maximum)) {
      maximum = value;
      is_all_masked = false;
    }
  }
  return select(maximum, uniforms.NAN, degenerate || (is_all_masked && uniforms.chunks == 1));
}`,
};
