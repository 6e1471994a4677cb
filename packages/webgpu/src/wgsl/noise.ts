// Ready-made sets of the functions, for pasting into a shader in one piece.
import type { Precision } from "@gumbel/core";
import { add64Wgsl, counterOfWgsl, multiply64Wgsl } from "./counter.ts";
import { log1pCoreOf2Wgsl, log1pCoreWgsl, logCoreOf2Wgsl, logCoreWgsl } from "./log-core.ts";
import { exponentialFullOf2Wgsl, exponentialFullWgsl, gumbelFullWgsl } from "./noise-full.ts";
import { exponentialJaxOf2Wgsl, exponentialJaxWgsl, gumbelJaxWgsl } from "./noise-jax.ts";
import { type Rotation, threefry2x32Of2, threefry2x32Wgsl } from "./threefry-2x32.ts";

/** Blocks of 64-bit counters: `threefry_2x32`, `counter_of`, `add_64`, `multiply_64`. */
export const blockWgsl: string = [threefry2x32Wgsl, add64Wgsl, multiply64Wgsl, counterOfWgsl].join("");

/**
 * Noise of one precision, under names that do not depend on it: `exponential_of(block) -> f32` is `−log u`,
 * `gumbel_of(block) -> f32` is `−log(−log u)`; `log_core` and `log1p_core` come with them. A block is what
 * `threefry_2x32` returns; add {@link blockWgsl} for that.
 */
export function noiseWgsl(precision: Precision): string {
  const functions =
    precision === "full" ? [exponentialFullWgsl, gumbelFullWgsl] : [exponentialJaxWgsl, gumbelJaxWgsl];
  return [
    log1pCoreWgsl,
    logCoreWgsl,
    ...functions,
    `
fn exponential_of(block: vec2<u32>) -> f32 { return exponential_${precision}(block); }
fn gumbel_of(block: vec2<u32>) -> f32 { return gumbel_${precision}(block); }
`,
  ].join("");
}

/**
 * The same for two elements at once: `exponential_of_2(blocks) -> vec2<f32>` and `gumbel_of_2(blocks)`, where blocks are
 * what `threefry_2x32_of_2` returns; with it and `log_core_of_2`.
 */
export function noiseOf2Wgsl(precision: Precision, rotation: Rotation = "shift"): string {
  return [
    threefry2x32Of2(rotation),
    log1pCoreOf2Wgsl,
    logCoreOf2Wgsl,
    precision === "full" ? exponentialFullOf2Wgsl : exponentialJaxOf2Wgsl,
    `
fn exponential_of_2(blocks: vec4<u32>) -> vec2<f32> {
  return exponential_${precision}_of_words_of_2(blocks.xy, blocks.zw);
}
fn gumbel_of_2(blocks: vec4<u32>) -> vec2<f32> { return -log_core_of_2(exponential_of_2(blocks)); }
`,
  ].join("");
}
