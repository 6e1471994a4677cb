// Ready-made sets of the functions, for pasting into a shader in one piece.
import type { Precision } from "@gumbel/core";
import { add64Wgsl, counterOfWgsl, multiply64Wgsl } from "./counter.ts";
import { log1pCoreWgsl, logCoreWgsl } from "./log-core.ts";
import { exponentialFullWgsl, gumbelFullWgsl } from "./noise-full.ts";
import { exponentialJaxWgsl, gumbelJaxWgsl } from "./noise-jax.ts";
import { threefry2x32Wgsl } from "./threefry-2x32.ts";

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
