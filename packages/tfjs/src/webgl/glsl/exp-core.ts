// A polynomial exponential: GLSL ES states no accuracy for exp.

/**
 * `float expCore(float t)`: exp(t) for t in [−104, 0]; 0 where the result would be below float32's normal range.
 * `t = n·ln2 + r`, `1 + r + r²R(r)` with R minimax for relative error 3e-9 on |r| ≤ ln2/2. Needs no other function.
 */
export const expCoreGlsl: string = /* glsl */ `
float expCore(float t) {
  float n = floor(t * 1.44269504 + 0.5);
  float r = (t - n * 0.693359375) + n * 2.12194440e-4;
  float q = 0.001395047889 * r + 0.00836888223;
  q = q * r + 0.04166620599;
  q = q * r + 0.166665189;
  q = q * r + 0.5000000095;
  float p = 1.0 + (r + r * r * q);
  int e = int(n) + 127;
  return e < 1 ? 0.0 : p * uintBitsToFloat(uint(e) << 23);
}
`;
