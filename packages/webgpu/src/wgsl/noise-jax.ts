// The noise of jax.random.gumbel's default mode, "jax": 23 bits of one word.

/**
 * `fn exponential_jax(block: vec2<u32>) -> f32`: `−log u` for `u = max(2⁻¹²⁶, (w >> 9)·2⁻²³)`, `w = x0 ^ x1`; in
 * [2⁻²³, 87.4]. u is exact in float32, and so is `u − 1` near 1. Needs `log_core`.
 */
export const exponentialJaxWgsl: string = /* wgsl */ `
fn exponential_jax(block: vec2<u32>) -> f32 {
  let word = block.x ^ block.y;
  return -log_core(max(0x1p-126f, f32(word >> 9u) * 0x1p-23f));
}
`;

/** `fn gumbel_jax(block: vec2<u32>) -> f32`: standard Gumbel noise in [−4.47, 15.95]. Needs `exponential_jax`, `log_core`. */
export const gumbelJaxWgsl: string = /* wgsl */ `
fn gumbel_jax(block: vec2<u32>) -> f32 {
  return -log_core(exponential_jax(block));
}
`;

/** `fn exponential_jax_of_words_of_2(x0: vec2<u32>, x1: vec2<u32>) -> vec2<f32>`. Needs `log_core_of_2`. */
export const exponentialJaxOf2Wgsl: string = /* wgsl */ `
fn exponential_jax_of_words_of_2(x0: vec2<u32>, x1: vec2<u32>) -> vec2<f32> {
  let upper = vec2<f32>(bitcast<vec2<i32>>((x0 ^ x1) >> vec2(9u)));
  return -log_core_of_2(max(vec2(0x1p-126f), upper * 0x1p-23f));
}
`;
