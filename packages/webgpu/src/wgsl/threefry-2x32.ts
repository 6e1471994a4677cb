// Threefry-2x32 with 20 rounds in WGSL. Pure: no bindings, no shapes.
import { inRegisters } from "./swiftshader-registers.ts";

/** Rotation distances (Salmon et al. 2011, table 2), rounds 0–7; they repeat. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/**
 * How words are rotated. By shifts, as GPUs do; or by a multiplication and float32's adder, for CPUs that stand in as
 * GPUs: SwiftShader takes a vector shift apart into its lanes, and the whole block takes 2.3 times as long.
 * Both give the same bits: every float operation is exact.
 */
export type Rotation = "shift" | "adder";

/** Types of one word, or of two at once. */
interface Words {
  readonly u32: string;
  readonly i32: string;
  readonly f32: string;
  /** A constant of that many words: shifts and `&` take no scalar beside a vector. */
  readonly all: (constant: string) => string;
}

const WORD: Words = { u32: "u32", i32: "i32", f32: "f32", all: (constant) => constant };

const PAIR: Words = {
  u32: "vec2<u32>",
  i32: "vec2<i32>",
  f32: "vec2<f32>",
  all: (constant) => `vec2(${constant})`,
};

/** Bits that float32's adder can move at once: its mantissa's 23, less the sign's. */
const MOVABLE = 22;

/** `x1` rotated left. The left part is a multiplication: 10 % faster on SwiftShader than a shift. */
function rotated(by: number, rotation: Rotation, { u32, i32, f32, all }: Words): string {
  const left = `(x1 * ${2 ** by}u)`;
  if (rotation === "shift") return `(${left} | (x1 >> ${all(`${32 - by}u`)}))`;
  // Bits from `from` on: alone in their word they are a float32 exactly, and 1.5·2²³ units of the lowest of them bring
  // that to the end of the mantissa.
  const bits = (count: number, from: number): string => {
    const mask = (count: number, from: number): string => all(`${(2 ** count - 1) * 2 ** from}u`);
    const number = `${f32}(bitcast<${i32}>(x1 & ${mask(count, from)}))`;
    return `(bitcast<${u32}>(${number} + ${1.5 * 2 ** (23 + from)}f) & ${mask(count, 0)})`;
  };
  if (by <= MOVABLE) return `(${left} | ${bits(by, 32 - by)})`;
  const low = Math.floor(by / 2);
  return `(${left} | (${bits(by - low, 32 - by + low)} * ${2 ** low}u) | ${bits(low, 32 - by)})`;
}

/** The schedule and the rounds on `x0` and `x1`, unrolled as text so that distances are constants. */
function body(rotation: Rotation, words: Words): string {
  const rounds = Array.from({ length: 20 }, (_, round) => {
    const mix = `x0 += x1; x1 = ${rotated(ROTATIONS[round % 8], rotation, words)} ^ x0;`;
    if (round % 4 !== 3) return mix;
    const injection = (round + 1) / 4;
    return `${mix}
  x0 += k${injection % 3}; x1 += k${(injection + 1) % 3} + ${injection}u;`;
  });
  return `let k0 = key.x;
  let k1 = key.y;
  let k2 = k0 ^ k1 ^ 0x1bd11bdau;
  x0 += k0;
  x1 += k1;
  ${rounds.join("\n  ")}`;
}

/** {@link threefry2x32Wgsl} with words rotated in one way or the other. */
export function threefry2x32(rotation: Rotation): string {
  return /* wgsl */ `
fn threefry_2x32(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  var x0 = counter.x;
  var x1 = counter.y;
  ${body(rotation, WORD)}
  return vec2<u32>(x0, x1);
}
`;
}

/**
 * `fn threefry_2x32_of_2(key: vec2<u32>, hi: vec2<u32>, lo: vec2<u32>) -> vec4<u32>`: two blocks at once, whose rounds do not
 * wait for one another; the result is `(x0, x1)` of both, first both x0. Needs no other function.
 */
export function threefry2x32Of2(rotation: Rotation): string {
  const rounds = body(rotation, PAIR);
  return /* wgsl */ `
fn threefry_2x32_of_2(key: vec2<u32>, hi: vec2<u32>, lo: vec2<u32>) -> vec4<u32> {
  var x0 = hi;
  var x1 = lo;
  ${rotation === "shift" ? rounds : inRegisters(rounds, "key.x")}
  return vec4(x0, x1);
}
`;
}

/**
 * `fn threefry_2x32(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32>`: one block; both arguments are `(hi, lo)`,
 * the result `(x0, x1)`. An element's random word is `x0 ^ x1`. Needs no other function.
 */
export const threefry2x32Wgsl: string = threefry2x32("shift");
