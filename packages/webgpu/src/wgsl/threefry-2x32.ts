// Threefry-2x32 with 20 rounds in WGSL. Pure: no bindings, no shapes.

/** Rotation distances (Salmon et al. 2011, table 2), rounds 0–7; they repeat. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Rounds unrolled as text: constant distances, and the left shift as a multiplication, 10 % faster on SwiftShader. */
const rounds: string = Array.from({ length: 20 }, (_, round) => {
  const r = ROTATIONS[round % 8];
  const mix = `x0 += x1; x1 = ((x1 * ${2 ** r}u) | (x1 >> vec${32 - r})) ^ x0;`;
  if (round % 4 !== 3) return mix;
  const injection = (round + 1) / 4;
  return `${mix}
  x0 += k${injection % 3}; x1 += k${(injection + 1) % 3} + ${injection}u;`;
}).join("\n  ");

/** The schedule and the rounds on `x0` and `x1`, scalars or vectors. A shift takes as many distances as it has values. */
function body(distance: (bits: string) => string): string {
  return `let k0 = key.x;
  let k1 = key.y;
  let k2 = k0 ^ k1 ^ 0x1bd11bdau;
  x0 += k0;
  x1 += k1;
  ${rounds.replaceAll(/vec(\d+)/g, (_, bits: string) => distance(bits))}`;
}

/**
 * `fn threefry_2x32(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32>`: one block; both arguments are `(hi, lo)`,
 * the result `(x0, x1)`. An element's random word is `x0 ^ x1`. Needs no other function.
 */
export const threefry2x32Wgsl: string = /* wgsl */ `
fn threefry_2x32(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  var x0 = counter.x;
  var x1 = counter.y;
  ${body((bits) => `${bits}u`)}
  return vec2<u32>(x0, x1);
}
`;

/**
 * `struct Blocks { x0: vec4<u32>, x1: vec4<u32> }` and `fn threefry_2x32_of_4(key: vec2<u32>, hi: vec4<u32>, lo:
 * vec4<u32>) -> Blocks`: four blocks at once, whose rounds do not wait for one another. Needs no other function.
 */
export const threefry2x32Of4Wgsl: string = /* wgsl */ `
struct Blocks { x0: vec4<u32>, x1: vec4<u32> }
fn threefry_2x32_of_4(key: vec2<u32>, hi: vec4<u32>, lo: vec4<u32>) -> Blocks {
  var x0 = hi;
  var x1 = lo;
  ${body((bits) => `vec4(${bits}u)`)}
  return Blocks(x0, x1);
}
`;
