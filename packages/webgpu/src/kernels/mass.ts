// The mass of a row or of a chunk of it, in WGSL: its weights' sum relative to a reference logit, and their product with
// a cotangent. Masses of different references are merged by rescaling.
import { expCoreOf2Wgsl, expCoreWgsl } from "../wgsl/index.ts";
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import type { Reduction } from "./team.ts";

/** A chunk's mass: the order of its reference (0: nothing but masks; the highest: degenerate) and both sums. */
export const MASS: Reduction = { type: "Mass", fields: ["top", "sum", "dot"], merge: "merge_mass" };

/**
 * - `fn weight(half_distance: f32) -> f32`: exp of a distance to the maximum over the temperature, given half the
 *   distance (≤ 0). Beyond the cutoff it is 0: the product with the scales could overflow there. `weight_of_2` likewise.
 * - `fn half_distance(bits: u32, top: u32) -> f32`: half of a float's distance to the float of an order.
 * - `struct Mass`, `fn rescale(top: u32, to: u32) -> f32`, `fn merge_mass(a, b)`.
 *
 * Needs `bits_of_order`.
 */
export const massWgsl: string = /* wgsl */ `${expCoreWgsl}${expCoreOf2Wgsl}
fn weight(half_distance: f32) -> f32 {
  let exponent = max(half_distance, -params.cutoff) * params.scale_a * params.scale_b;
  return select(exp_core(exponent), 0f, half_distance < -params.cutoff);
}
fn weight_of_2(half_distance: vec2<f32>) -> vec2<f32> {
  let exponent = max(half_distance, vec2(-params.cutoff)) * params.scale_a * params.scale_b;
  return select(exp_core_of_2(exponent), vec2(0f), half_distance < vec2(-params.cutoff));
}
fn half_distance(bits: u32, top: u32) -> f32 {
  return fma(0.5f, bitcast<f32>(bits), -0.5f * bitcast<f32>(bits_of_order(top)));
}
struct Mass { top: u32, sum: f32, dot: f32 }
fn rescale(top: u32, to: u32) -> f32 {
  if (top == 0u || top == to) { return select(1f, 0f, top == 0u); }
  return weight(half_distance(bits_of_order(top), to));
}
fn merge_mass(a: Mass, b: Mass) -> Mass {
  let top = max(a.top, b.top);
  if (top == ${DEGENERATE_ORDER}) { return Mass(top, 0f, 0f); }
  let scale_a = rescale(a.top, top);
  let scale_b = rescale(b.top, top);
  return Mass(top, a.sum * scale_a + b.sum * scale_b, a.dot * scale_a + b.dot * scale_b);
}
`;

/** `fn is_sound(top: u32) -> bool`: neither degenerate nor nothing but masks. */
export const isSoundWgsl: string = /* wgsl */ `
fn is_sound(top: u32) -> bool { return top != 0u && top != ${DEGENERATE_ORDER}; }
`;
