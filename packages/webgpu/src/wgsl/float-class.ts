// What a float is, read off its bits: WGSL lets an implementation assume that NaN and infinities do not occur, so a
// comparison of floats may say anything about them.

/** `fn is_masked(bits: u32) -> bool`: the bits of −∞, which masks a category. Needs no other function. */
export const isMaskedWgsl: string = /* wgsl */ `
fn is_masked(bits: u32) -> bool {
  return bits == 0xff800000u;
}
`;

/** `fn is_degenerate(bits: u32) -> bool`: the bits of NaN or +∞, one of which spoils its row. Needs no other function. */
export const isDegenerateWgsl: string = /* wgsl */ `
fn is_degenerate(bits: u32) -> bool {
  return bits == 0x7f800000u || (bits & 0x7fffffffu) > 0x7f800000u;
}
`;

/**
 * `fn nan_value() -> f32`: a quiet NaN made at run time, because a constant one is a compile error. Storing bits to an
 * `array<u32>` is safer where the binding allows it. Needs no other function.
 */
export const nanValueWgsl: string = /* wgsl */ `
fn nan_value() -> f32 {
  var bits = 0x7fc00000u;
  return bitcast<f32>(bits);
}
`;
