// What a float is, read off its bits: GLSL ES need not support NaN and infinities, so a comparison of floats may say
// anything about them.

/** `bool isMasked(uint bits)`: the bits of −∞, which masks a category. Needs no other function. */
export const isMaskedGlsl: string = /* glsl */ `
bool isMasked(uint bits) {
  return bits == 0xff800000u;
}
`;

/** `bool isDegenerate(uint bits)`: the bits of NaN or +∞, one of which spoils its row. Needs no other function. */
export const isDegenerateGlsl: string = /* glsl */ `
bool isDegenerate(uint bits) {
  return bits == 0x7f800000u || (bits & 0x7fffffffu) > 0x7f800000u;
}
`;
