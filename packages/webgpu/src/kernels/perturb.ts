// Perturbed logits in the order that reductions compare, in WGSL.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import type { NoiseVariant } from "./kernel.ts";

/** `fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32>`: an element's block. Needs `counter_at`. */
export const blockAtWgsl: string = /* wgsl */ `
fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32> {
  return threefry_2x32(vec2(params.key_hi, params.key_lo), counter_at(counter, category));
}
`;

/**
 * `fn perturbed_order(bits: u32, counter: vec2<u32>, category: u32) -> u32`: order of `logit + g`, of the logit itself
 * where no noise is drawn; 0 for a mask, the highest order for NaN and +∞.
 */
export function perturbWgsl(noise: NoiseVariant): string {
  const z =
    noise === "none" ? "bits" : "bitcast<u32>(bitcast<f32>(bits) + gumbel_of(block_at(counter, category)))";
  return /* wgsl */ `${noise === "none" ? "" : blockAtWgsl}
fn perturbed_order(bits: u32, counter: vec2<u32>, category: u32) -> u32 {
  let order = order_of(${z});
  return select(select(order, 0u, is_masked(bits)), ${DEGENERATE_ORDER}, is_degenerate(bits));
}
`;
}
