// 64-bit counters as uvec2(hi, lo): GLSL ES has no 64-bit integer, so the carries are made here.

/** `uvec2 add64(uvec2 a, uvec2 b)`: sum modulo 2⁶⁴ of `(hi, lo)` pairs. Needs no other function. */
export const add64Glsl: string = /* glsl */ `
uvec2 add64(uvec2 a, uvec2 b) {
  uint lo = a.y + b.y;
  return uvec2(a.x + b.x + (lo < a.y ? 1u : 0u), lo);
}
`;

/** `uvec2 multiply64(uvec2 a, uint b)`: product modulo 2⁶⁴. Needs no other function. */
export const multiply64Glsl: string = /* glsl */ `
uvec2 multiply64(uvec2 a, uint b) {
  uint a0 = a.y & 0xffffu;
  uint a1 = a.y >> 16;
  uint b0 = b & 0xffffu;
  uint b1 = b >> 16;
  uint middle = a1 * b0 + ((a0 * b0) >> 16);
  uint carry = (middle & 0xffffu) + a0 * b1;
  return uvec2(a.x * b + a1 * b1 + (middle >> 16) + (carry >> 16), a.y * b);
}
`;
