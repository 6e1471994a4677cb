// Noise of two elements at once in WGSL, from TensorFlow.js's uniforms: their Threefry rounds do not wait for one another.
import { add64Wgsl, multiply64Wgsl, noiseOf2Wgsl, type Rotation, threefry2x32Of2 } from "@gumbel/webgpu/wgsl";
import type { NoiseVariant } from "../../gpu/gpu-backend.ts";

/**
 * `fn counter_at(element: i32) -> vec2<u32>`: the counter of an element of the noise. `fn blocks_of_2(a: vec2<u32>,
 * b: vec2<u32>) -> vec4<u32>`: the Threefry blocks of two counters, as `gumbel_of_2` takes them.
 */
export function blocksOf2(rotation: Rotation): string {
  return /* wgsl */ `${threefry2x32Of2(rotation)}${blocksWgsl}`;
}

const blocksWgsl = /* wgsl */ `${add64Wgsl}${multiply64Wgsl}
fn counter_at(element: i32) -> vec2<u32> {
  var counter = bitcast<vec2<u32>>(vec2<i32>(uniforms.offsetHi, uniforms.offsetLo));
  var column = element;
  // Once, where rows do not follow one another. Software leaves a loop that no lane is in, but runs both sides of an if.
  while (column >= uniforms.columns) {
    let row = column / uniforms.columns;
    let row_stride = bitcast<vec2<u32>>(vec2<i32>(uniforms.strideHi, uniforms.strideLo));
    counter = add_64(counter, multiply_64(row_stride, u32(row)));
    column -= row * uniforms.columns;
  }
  return add_64(counter, vec2<u32>(0u, u32(column)));
}
fn blocks_of_2(a: vec2<u32>, b: vec2<u32>) -> vec4<u32> {
  let key = bitcast<vec2<u32>>(vec2<i32>(uniforms.keyHi, uniforms.keyLo));
  return threefry_2x32_of_2(key, vec2<u32>(a.x, b.x), vec2<u32>(a.y, b.y));
}
`;

/** `counter_at`, and `fn noise_of_2(a: vec2<u32>, b: vec2<u32>) -> vec2<f32>`: noise of two counters, or 0. */
export function noiseOf2(variant: NoiseVariant, rotation: Rotation): string {
  const [functions, noise] =
    variant === "none"
      ? [threefry2x32Of2(rotation), "vec2<f32>(0f)"]
      : [noiseOf2Wgsl(variant, rotation), "gumbel_of_2(blocks_of_2(a, b))"];
  return `${functions}${blocksWgsl}
fn noise_of_2(a: vec2<u32>, b: vec2<u32>) -> vec2<f32> { return ${noise}; }
`;
}

/**
 * `fn perturbed_of_2(x: vec2<f32>, a: vec2<u32>, b: vec2<u32>) -> vec2<f32>`: two logits with the noise of their counters.
 * Masks and degenerate values are kept as they are, and found by their bits.
 */
export const perturbedOf2Wgsl: string = /* wgsl */ `
fn perturbed_of_2(x: vec2<f32>, a: vec2<u32>, b: vec2<u32>) -> vec2<f32> {
  let bits = bitcast<vec2<u32>>(x);
  let is_special = (bits & vec2<u32>(0x7f800000u)) == vec2<u32>(0x7f800000u);
  return bitcast<vec2<f32>>(select(bitcast<vec2<u32>>(x + noise_of_2(a, b)), bits, is_special));
}
`;
