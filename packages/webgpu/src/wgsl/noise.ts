// Ready-made sets of the functions, for pasting into a shader in one piece.
import type { Precision } from "@gumbel/core";
import { add64Wgsl, counterOfWgsl, multiply64Wgsl } from "./counter.ts";
import { log1pCoreOf4Wgsl, log1pCoreWgsl, logCoreOf4Wgsl, logCoreWgsl } from "./log-core.ts";
import { exponentialFullOf4Wgsl, exponentialFullWgsl, gumbelFullWgsl } from "./noise-full.ts";
import { exponentialJaxOf4Wgsl, exponentialJaxWgsl, gumbelJaxWgsl } from "./noise-jax.ts";
import { threefry2x32Of4Wgsl, threefry2x32Wgsl } from "./threefry-2x32.ts";

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
 * The same for four elements at once: `exponential_of_4(blocks) -> vec4<f32>` and `gumbel_of_4(blocks)`, where blocks are
 * what `threefry_2x32_of_4` returns; with it, its struct and `log_core_of_4`.
 */
export function noiseOf4Wgsl(precision: Precision): string {
  return [
    threefry2x32Of4Wgsl,
    log1pCoreOf4Wgsl,
    logCoreOf4Wgsl,
    precision === "full" ? exponentialFullOf4Wgsl : exponentialJaxOf4Wgsl,
    `
fn exponential_of_4(blocks: Blocks) -> vec4<f32> {
  return exponential_${precision}_of_words_of_4(blocks.x0, blocks.x1);
}
fn gumbel_of_4(blocks: Blocks) -> vec4<f32> { return -log_core_of_4(exponential_of_4(blocks)); }
`,
  ].join("");
}
