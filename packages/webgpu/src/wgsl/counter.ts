// 64-bit counters as vec2<u32>(hi, lo): WGSL has no 64-bit integer, so the carries are made here.

/** `fn add_64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32>`: sum modulo 2⁶⁴ of `(hi, lo)` pairs. Needs no other function. */
export const add64Wgsl: string = /* wgsl */ `
fn add_64(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let lo = a.y + b.y;
  return vec2<u32>(a.x + b.x + select(0u, 1u, lo < a.y), lo);
}
`;

/** `fn multiply_64(a: vec2<u32>, b: u32) -> vec2<u32>`: product modulo 2⁶⁴. Needs no other function. */
export const multiply64Wgsl: string = /* wgsl */ `
fn multiply_64(a: vec2<u32>, b: u32) -> vec2<u32> {
  let a0 = a.y & 0xffffu;
  let a1 = a.y >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> 16u);
  let carry = (middle & 0xffffu) + a0 * b1;
  return vec2<u32>(a.x * b + a1 * b1 + (middle >> 16u) + (carry >> 16u), a.y * b);
}
`;

/**
 * `fn counter_of(offset: vec2<u32>, row_stride: vec2<u32>, row: u32, column: u32) -> vec2<u32>`: the counter
 * `offset + row·rowStride + column` of an element of the noise shape; row and column refer to its last dimension.
 * Needs {@link add64Wgsl} and {@link multiply64Wgsl}.
 */
export const counterOfWgsl: string = /* wgsl */ `
fn counter_of(offset: vec2<u32>, row_stride: vec2<u32>, row: u32, column: u32) -> vec2<u32> {
  return add_64(add_64(offset, multiply_64(row_stride, row)), vec2<u32>(0u, column));
}
`;
