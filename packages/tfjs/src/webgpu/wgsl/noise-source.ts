// Noise of elements or counters in WGSL, from TensorFlow.js's uniforms. Two at a time: their
// Threefry rounds do not wait for one another.
import { add64Wgsl, multiply64Wgsl, noiseOf2Wgsl, threefry2x32Of2 } from "@gumbel/webgpu/wgsl";
import type { NoiseVariant } from "../../gpu/gpu.ts";

const countersWgsl = add64Wgsl + multiply64Wgsl;

const drawnCounterWgsl = /* wgsl */ `
fn counter_at(element: i32) -> vec2<u32> {
  var counter = bitcast<vec2<u32>>(vec2<i32>(uniforms.offsetHi, uniforms.offsetLo));
  var column = element;
  // Once, where rows do not follow one another. SwiftShader leaves a loop that no lane is in, but runs both sides
  // of an if.
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

/** Without noise no counter counts. */
const elementCounterWgsl = /* wgsl */ `
fn counter_at(element: i32) -> vec2<u32> { return vec2<u32>(0u, u32(element)); }
`;

const isLargerWgsl = /* wgsl */ `
// Whether logit/temperature + noise is larger, compared as real numbers: logits first, so that large ones do not drown
// the noise, and by halves, so that their difference does not overflow.
fn is_larger(logit: f32, noise: f32, other_logit: f32, other_noise: f32) -> bool {
  return logit * 0.5f - other_logit * 0.5f > 0.5f * uniforms.temperature * (other_noise - noise);
}
`;

const isLargerLogitWgsl = /* wgsl */ `
fn is_larger(logit: f32, noise: f32, other_logit: f32, other_noise: f32) -> bool { return logit > other_logit; }
`;

const noiseAtWgsl = /* wgsl */ `
fn noise_at(element: i32) -> f32 {
  let counter = counter_at(element);
  return noise_of_2(counter, counter).x;
}
`;

/**
 * `fn counter_at(element: i32) -> vec2<u32>`: the counter of an element of the noise. `fn blocks_of_2(a: vec2<u32>,
 * b: vec2<u32>) -> vec4<u32>`: the Threefry blocks of two counters, as `gumbel_of_2` takes them.
 */
export const blocksOf2Wgsl: string = threefry2x32Of2("shift") + countersWgsl + drawnCounterWgsl;

/**
 * `counter_at`, `fn noise_of_2(a: vec2<u32>, b: vec2<u32>) -> vec2<f32>` of two counters, `fn noise_at(element: i32) ->
 * f32`: 0 without noise. `fn is_larger(logit: f32, noise: f32, other_logit: f32, other_noise: f32) -> bool`: the order
 * of perturbed logits. `add_64`, `multiply_64`.
 */
export function noiseSourceWgsl(noise: NoiseVariant): string {
  if (noise === "none") {
    return `${countersWgsl}${elementCounterWgsl}
fn noise_of_2(a: vec2<u32>, b: vec2<u32>) -> vec2<f32> { return vec2<f32>(0f); }
${noiseAtWgsl}${isLargerLogitWgsl}`;
  }
  return `${noiseOf2Wgsl(noise, "shift")}${countersWgsl}${drawnCounterWgsl}
fn noise_of_2(a: vec2<u32>, b: vec2<u32>) -> vec2<f32> { return gumbel_of_2(blocks_of_2(a, b)); }
${noiseAtWgsl}${isLargerWgsl}`;
}
