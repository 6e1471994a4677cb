// float16 values read from packed words without the shader-f16 feature.

/**
 * `fn bits_of_float16(word: u32) -> u32`: the float32 bits of a float16 in the low 16 bits. `unpack2x16float` may say
 * anything of NaN and infinities, which must be seen here. Needs no other function.
 */
export const bitsOfFloat16Wgsl: string = /* wgsl */ `
fn bits_of_float16(word: u32) -> u32 {
  let sign = (word & 0x8000u) << 16u;
  let magnitude = word & 0x7fffu;
  if (magnitude >= 0x7c00u) { return sign | 0x7f800000u | ((magnitude & 0x3ffu) << 13u); }
  // A subnormal float16 is a multiple of 2⁻²⁴, and a normal float32.
  if (magnitude < 0x400u) { return sign | bitcast<u32>(f32(magnitude) * 0x1p-24f); }
  return sign | ((magnitude << 13u) + 0x38000000u);
}
`;
