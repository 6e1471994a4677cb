// The noise of a row's elements in WGSL. Memory is read and written by fours, but arithmetic on more than two elements at
// once takes more registers than a CPU has: functions for four are two calls of those for two.
import type { RowVariant } from "./row-layout.ts";

const CALL_KEY = "vec2(params.key_hi, params.key_lo)";

/**
 * - `fn gumbel_at(counter: vec2<u32>, category: u32) -> f32`: noise of one category of the row that starts at `counter`;
 *   `block_at` its block.
 * - `fn blocks_at(counter: vec2<u32>, j: vec2<u32>) -> vec4<u32>`: blocks of two categories, as `threefry_2x32_of_2` returns them.
 * - `word_at_of_4`, `gumbel_at_of_4`: words (x0 ^ x1) and noise of four.
 *
 * Needs `counter_at` and noiseOf2Wgsl. Empty without noise.
 *
 * @param key the WGSL expression of the key
 */
export function noiseAtWgsl({ noise, hasUnitStep }: RowVariant, key: string = CALL_KEY): string {
  if (noise === "none") return "";
  const counters = hasUnitStep
    ? `let lo = vec2(counter.y) + j;
  let hi = vec2(counter.x) + select(vec2(0u), vec2(1u), lo < j);`
    : `let a = counter_at(counter, j.x);
  let b = counter_at(counter, j.y);
  let lo = vec2(a.y, b.y);
  let hi = vec2(a.x, b.x);`;
  return /* wgsl */ `
fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32> {
  return threefry_2x32(${key}, counter_at(counter, category));
}
fn gumbel_at(counter: vec2<u32>, category: u32) -> f32 { return gumbel_of(block_at(counter, category)); }
fn blocks_at(counter: vec2<u32>, j: vec2<u32>) -> vec4<u32> {
  ${counters}
  return threefry_2x32_of_2(${key}, hi, lo);
}
fn word_at_of_2(counter: vec2<u32>, j: vec2<u32>) -> vec2<u32> {
  let blocks = blocks_at(counter, j);
  return blocks.xy ^ blocks.zw;
}
fn word_at_of_4(counter: vec2<u32>, j: vec4<u32>) -> vec4<u32> {
  return vec4(word_at_of_2(counter, j.xy), word_at_of_2(counter, j.zw));
}
fn gumbel_at_of_4(counter: vec2<u32>, j: vec4<u32>) -> vec4<f32> {
  return vec4(gumbel_of_2(blocks_at(counter, j.xy)), gumbel_of_2(blocks_at(counter, j.zw)));
}
`;
}
