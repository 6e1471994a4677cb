// The default noise, "full": both words of a block make a uniform of 63 bits, kept as its distance to the nearer end.

/**
 * `fn exponential_full(block: vec2<u32>) -> f32`: `−log u` for `u = (N + ½)/2⁶³`, N the upper 63 bits of
 * `(x0 ^ x1)·2³² + x1`; in [2⁻⁶⁴, 44.4], to 2 ulp. In the upper half `1 − u` comes from the complemented bits: subtracting
 * floats would leave only what a float keeps of u, and that is where the winners are. Needs `log1p_core`.
 */
export const exponentialFullWgsl: string = /* wgsl */ `
fn exponential_full(block: vec2<u32>) -> f32 {
  let word = block.x ^ block.y;
  let is_upper = word >= 0x80000000u;
  let flip = select(0u, 0xffffffffu, is_upper);
  // Distance of u from the nearer end, in (0, 1/2], with full relative precision.
  let t = fma(f32(word ^ flip), 0x1p-32f, (f32((block.y ^ flip) >> 1u) + 0.5f) * 0x1p-63f);
  // u = 2^e·(1 + f), with f exact in every branch.
  let bits = bitcast<u32>(t) - 0x3f3504f3u;
  var e = f32(bitcast<i32>(bits) >> 23u);
  var f = bitcast<f32>((bits & 0x7fffffu) + 0x3f3504f3u) - 1f;
  if (is_upper) {
    let is_near_one = t <= 0.29289f;
    e = select(-1f, 0f, is_near_one);
    f = select(fma(-2f, t, 1f), -t, is_near_one);
  }
  return -fma(e, 0.693359375f, fma(e, -2.12194440e-4f, log1p_core(f)));
}
`;

/** `fn gumbel_full(block: vec2<u32>) -> f32`: standard Gumbel noise in [−3.79, 44.37]. Needs `exponential_full`, `log_core`. */
export const gumbelFullWgsl: string = /* wgsl */ `
fn gumbel_full(block: vec2<u32>) -> f32 {
  return -log_core(exponential_full(block));
}
`;
