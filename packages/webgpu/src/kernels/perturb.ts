// Perturbed logits in the order that reductions compare, in WGSL.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import type { NoiseVariant } from "./kernel.ts";

/** `fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32>`: an element's block. Needs `counter_at`. */
export const blockAtWgsl: string = /* wgsl */ `
fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32> {
  return threefry_2x32(vec2(params.key_hi, params.key_lo), counter_at(counter, category));
}
`;

/** `fn blocks_of_4_at(counter: vec2<u32>, j: vec4<u32>) -> Blocks`: the blocks of four categories. Needs `counter_at`. */
export function blocksOf4AtWgsl(hasUnitStep: boolean): string {
  const counters = hasUnitStep
    ? `let lo = vec4(counter.y) + j;
  let hi = vec4(counter.x) + select(vec4(0u), vec4(1u), lo < j);`
    : `let a = counter_at(counter, j.x);
  let b = counter_at(counter, j.y);
  let c = counter_at(counter, j.z);
  let d = counter_at(counter, j.w);
  let lo = vec4(a.y, b.y, c.y, d.y);
  let hi = vec4(a.x, b.x, c.x, d.x);`;
  return /* wgsl */ `
fn blocks_of_4_at(counter: vec2<u32>, j: vec4<u32>) -> Blocks {
  ${counters}
  return threefry_2x32_of_4(vec2(params.key_hi, params.key_lo), hi, lo);
}
`;
}

/**
 * `fn perturbed_order(bits: u32, counter: vec2<u32>, category: u32) -> u32`: order of `logit + g`, of the logit itself
 * where no noise is drawn; 0 for a mask, the highest order for NaN and +∞. `fn order_among(bits: u32, z: u32) -> u32`:
 * the same for a sum that is already there.
 */
export function perturbWgsl(noise: NoiseVariant): string {
  const z =
    noise === "none" ? "bits" : "bitcast<u32>(bitcast<f32>(bits) + gumbel_of(block_at(counter, category)))";
  return /* wgsl */ `${noise === "none" ? "" : blockAtWgsl}
fn order_among(bits: u32, z: u32) -> u32 {
  return select(select(order_of(z), 0u, is_masked(bits)), ${DEGENERATE_ORDER}, is_degenerate(bits));
}
fn perturbed_order(bits: u32, counter: vec2<u32>, category: u32) -> u32 {
  return order_among(bits, ${z});
}
`;
}
