// Threefry-2x32 with 20 rounds in GLSL ES 3.00. Pure: no uniforms, no shapes.
import type { Rotation } from "@gumbel/webgpu/wgsl";

/** Rotation distances (Salmon et al. 2011, table 2), rounds 0–7; they repeat. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Bits that float32's adder can move at once: its mantissa's 23, less the sign's. */
const MOVABLE = 22;

/** `x1` rotated left: by shifts, or as {@link Rotation} says of CPUs that stand in as GPUs. */
function rotated(by: number, rotation: Rotation): string {
  if (rotation === "shift") return `((x1 << ${by}) | (x1 >> ${32 - by}))`;
  // Bits from `from` on: alone in their word they are a float32 exactly, and 1.5·2²³ units of the lowest of them bring
  // that to the end of the mantissa.
  const mask = (count: number, from: number): string => `${(2 ** count - 1) * 2 ** from}u`;
  const bits = (count: number, from: number): string => {
    const number = `float(int(x1 & ${mask(count, from)}))`;
    return `(floatBitsToUint(${number} + ${1.5 * 2 ** (23 + from)}.0) & ${mask(count, 0)})`;
  };
  const left = `(x1 * ${2 ** by}u)`;
  if (by <= MOVABLE) return `(${left} | ${bits(by, 32 - by)})`;
  const low = Math.floor(by / 2);
  return `(${left} | (${bits(by - low, 32 - by + low)} * ${2 ** low}u) | ${bits(low, 32 - by)})`;
}

/** Rounds unrolled as text, so that every distance is a constant. */
function roundsOf(rotation: Rotation): string {
  const rounds = Array.from({ length: 20 }, (_, round) => {
    const mix = `x0 += x1; x1 = ${rotated(ROTATIONS[round % 8], rotation)} ^ x0;`;
    if (round % 4 !== 3) return mix;
    const injection = (round + 1) / 4;
    return `${mix}
  x0 += k${injection % 3}; x1 += k${(injection + 1) % 3} + ${injection}u;`;
  }).join("\n  ");
  if (rotation === "shift") return rounds;
  // SwiftShader gives registers to the innermost loops first: two of one round, whose condition nobody finds out to be false.
  const never = "while ((k0 | 1u) == 0u);";
  return `do { do {
  ${rounds}
  } ${never} } ${never}`;
}

/**
 * `uvec2 threefry2x32(uvec2 key, uvec2 counter)`: one block; both arguments are `(hi, lo)`, the result `(x0, x1)`.
 * An element's random word is `x0 ^ x1`. Needs no other function.
 */
export function threefry2x32Glsl(rotation: Rotation): string {
  return /* glsl */ `
uvec2 threefry2x32(uvec2 key, uvec2 counter) {
  uint k0 = key.x;
  uint k1 = key.y;
  uint k2 = k0 ^ k1 ^ 0x1bd11bdau;
  uint x0 = counter.x + k0;
  uint x1 = counter.y + k1;
  ${roundsOf(rotation)}
  return uvec2(x0, x1);
}
`;
}
