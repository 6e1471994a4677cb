// Threefry-2x32 with 20 rounds in GLSL ES 3.00. Pure: no uniforms, no shapes.

/** Rotation distances (Salmon et al. 2011, table 2), rounds 0–7; they repeat. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/**
 * The rounds, unrolled as text, so that every distance is a constant.
 * @param rotated an expression of `x1` rotated left
 */
export function roundsGlsl(rotated: (by: number) => string): string {
  const rounds = Array.from({ length: 20 }, (_, round) => {
    const mix = `x0 += x1; x1 = ${rotated(ROTATIONS[round % 8])} ^ x0;`;
    if (round % 4 !== 3) return mix;
    const injection = (round + 1) / 4;
    return `${mix}
  x0 += k${injection % 3}; x1 += k${(injection + 1) % 3} + ${injection}u;`;
  });
  return rounds.join("\n  ");
}

/**
 * `uvec2 threefry2x32(uvec2 key, uvec2 counter)`: one block; both arguments are `(hi, lo)`, the result `(x0, x1)`.
 * An element's random word is `x0 ^ x1`. Needs no other function.
 */
export function blockGlsl(rounds: string): string {
  return /* glsl */ `
uvec2 threefry2x32(uvec2 key, uvec2 counter) {
  uint k0 = key.x;
  uint k1 = key.y;
  uint k2 = k0 ^ k1 ^ 0x1bd11bdau;
  uint x0 = counter.x + k0;
  uint x1 = counter.y + k1;
  ${rounds}
  return uvec2(x0, x1);
}
`;
}

/** The block function, rotating by shifts. */
export const threefry2x32Glsl: string = /* @__PURE__ */ blockGlsl(
  roundsGlsl((by) => `((x1 << ${by}) | (x1 >> ${32 - by}))`),
);
