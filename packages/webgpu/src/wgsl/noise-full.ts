// The default noise, "full": both words of a block make a uniform of 63 bits, kept as its distance to the nearer end.
import { LN2_PER_BIT } from "./log-core.ts";
import { ONE, TWO, type Width } from "./width.ts";

// Without shifts, which SwiftShader does lane by lane.
function exponential({ suffix, f32, u32, i32 }: Width): string {
  return /* wgsl */ `
fn exponential_full_of_words${suffix}(x0: ${u32}, x1: ${u32}) -> ${f32} {
  let word = x0 ^ x1;
  // All ones in the upper half, where u = 1 − t.
  let is_upper = bitcast<${i32}>(word) < ${i32}(0i);
  let flip = select(${u32}(0u), ${u32}(0xffffffffu), is_upper);
  // Distance of u from the nearer end, in (0, 1/2], with full relative precision: (2·⌊low/2⌋ + 1)·2⁻⁶⁴ past the word.
  let high = ${f32}(bitcast<${i32}>(word ^ flip));
  let low = x1 ^ flip;
  let low_top = select(${f32}(0f), ${f32}(0x1p31f), bitcast<${i32}>(low) < ${i32}(0i));
  let low_rest = ${f32}(bitcast<${i32}>((low & ${u32}(0x7fffffffu)) | ${u32}(1u)));
  let t = fma(high, ${f32}(0x1p-32f), (low_rest + low_top) * ${f32}(0x1p-64f));
  // u = 2^e·(1 + f), with f exact in every branch; e is 2²³ times as large.
  let bits = bitcast<${u32}>(t) - ${u32}(0x3f3504f3u);
  let e_lower = ${f32}(bitcast<${i32}>(bits & ${u32}(0xff800000u)));
  let f_lower = bitcast<${f32}>((bits & ${u32}(0x7fffffu)) + ${u32}(0x3f3504f3u)) - ${f32}(1f);
  let is_near_one = t <= ${f32}(0.29289f);
  let e_upper = select(${f32}(-0x1p23f), ${f32}(0f), is_near_one);
  let f_upper = select(fma(${f32}(-2f), t, ${f32}(1f)), -t, is_near_one);
  let e = select(e_lower, e_upper, is_upper);
  let f = select(f_lower, f_upper, is_upper);
  return -fma(e, ${f32}(${LN2_PER_BIT.high}), fma(e, ${f32}(${LN2_PER_BIT.low}), log1p_core${suffix}(f)));
}
`;
}

/**
 * `fn exponential_full(block: vec2<u32>) -> f32`: `−log u` for `u = (N + ½)/2⁶³`, N the upper 63 bits of
 * `(x0 ^ x1)·2³² + x1`; in [2⁻⁶⁴, 44.4], to 2 ulp. In the upper half `1 − u` comes from the complemented bits: subtracting
 * floats would leave only what a float keeps of u, and that is where the winners are. Needs `log1p_core`.
 */
export const exponentialFullWgsl: string = `${exponential(ONE)}
fn exponential_full(block: vec2<u32>) -> f32 { return exponential_full_of_words(block.x, block.y); }
`;

/** `fn exponential_full_of_words_of_2(x0: vec2<u32>, x1: vec2<u32>) -> vec2<f32>`. Needs `log1p_core_of_2`. */
export const exponentialFullOf2Wgsl: string = exponential(TWO);

/** `fn gumbel_full(block: vec2<u32>) -> f32`: standard Gumbel noise in [−3.79, 44.37]. Needs `exponential_full`, `log_core`. */
export const gumbelFullWgsl: string = /* wgsl */ `
fn gumbel_full(block: vec2<u32>) -> f32 {
  return -log_core(exponential_full(block));
}
`;
