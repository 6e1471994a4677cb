// The online-softmax state of a row or of a chunk of it, in WGSL: sums of exponentials relative to a maximum. States of
// different maxima are merged by rescaling.
import type { Reduction } from "../../shader/thread-group.ts";
import { expCoreOf2Wgsl, expCoreWgsl } from "../../wgsl/index.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";

/** The state of a chunk. */
export const PARTIAL: Reduction = {
  type: "Partial",
  fields: ["maximum", "half_noise", "sum", "dot"],
  merge: "merge_partials",
};

/** Words of a state in the `partials` tensor. */
export const PARTIAL_WORDS = 4;

/**
 * - `struct Partial`: exponentials are relative to the perturbed logit `maximum + 2·half_noise`, `maximum` being the sortable
 *   bits of a logit (0: nothing but masks, DEGENERATE: NaN or +∞); `sum` is theirs, `dot` that of their products with a
 *   cotangent. Logit and noise stay apart, so that the noise keeps its digits beside logits of any size.
 * - `fn weight(half_distance: f32) -> f32`: `exp(2·half_distance/τ)`, 0 beyond the cutoff. `weight_of_2` likewise.
 * - `fn half_distance(bits: u32, maximum: u32) -> f32`: half of a logit's distance to the logit of some sortable bits. Halves,
 *   so that those between ±3.4e38 do not overflow.
 * - `fn rescale(p: Partial, to: Partial) -> f32`, `fn merge_partials(a, b)`.
 *
 * Needs `bits_of_sortable`.
 */
export const partialWgsl: string = /* wgsl */ `${expCoreWgsl}${expCoreOf2Wgsl}
fn weight(half_distance: f32) -> f32 {
  let exponent = max(half_distance, -params.cutoff) * params.twice_inverse_temperature;
  return select(exp_core(exponent), 0f, half_distance < -params.cutoff);
}
fn weight_of_2(half_distance: vec2<f32>) -> vec2<f32> {
  let exponent = max(half_distance, vec2(-params.cutoff)) * params.twice_inverse_temperature;
  return select(exp_core_of_2(exponent), vec2(0f), half_distance < vec2(-params.cutoff));
}
fn half_distance(bits: u32, maximum: u32) -> f32 {
  return fma(0.5f, bitcast<f32>(bits), -0.5f * bitcast<f32>(bits_of_sortable(maximum)));
}
struct Partial { maximum: u32, half_noise: f32, sum: f32, dot: f32 }
const NO_PARTIAL = Partial(0u, 0f, 0f, 0f);
fn half_distance_between(p: Partial, to: Partial) -> f32 {
  return half_distance(bits_of_sortable(p.maximum), to.maximum) + (p.half_noise - to.half_noise);
}
fn rescale(p: Partial, to: Partial) -> f32 {
  return select(weight(min(half_distance_between(p, to), 0f)), 0f, p.maximum == 0u);
}
fn merge_partials(a: Partial, b: Partial) -> Partial {
  if (max(a.maximum, b.maximum) == ${DEGENERATE}) { return Partial(${DEGENERATE}, 0f, 0f, 0f); }
  if (b.maximum == 0u) { return a; }
  if (a.maximum == 0u) { return b; }
  let distance = half_distance_between(a, b);
  let smaller = weight(-abs(distance));
  let of_a = select(smaller, 1f, distance >= 0f);
  let of_b = select(1f, smaller, distance >= 0f);
  let sum = a.sum * of_a + b.sum * of_b;
  let dot = a.dot * of_a + b.dot * of_b;
  if (distance >= 0f) { return Partial(a.maximum, a.half_noise, sum, dot); }
  return Partial(b.maximum, b.half_noise, sum, dot);
}
`;

/** `fn store_partial(job: Job, partial: Partial)`. */
export const storePartialWgsl: string = /* wgsl */ `
fn store_partial(job: Job, partial: Partial) {
  if (job.lane == 0u) {
    let at = ${PARTIAL_WORDS}u * (job.row * params.chunks + job.chunk);
    store_partials(at, partial.maximum);
    store_partials(at + 1u, bitcast<u32>(partial.half_noise));
    store_partials(at + 2u, bitcast<u32>(partial.sum));
    store_partials(at + 3u, bitcast<u32>(partial.dot));
  }
}
`;

/** `fn load_partial(index: u32) -> Partial`: of chunk `index` of all rows. */
export const loadPartialWgsl: string = /* wgsl */ `
fn load_partial(index: u32) -> Partial {
  let at = ${PARTIAL_WORDS}u * index;
  return Partial(
    load_partials(at), bitcast<f32>(load_partials(at + 1u)),
    bitcast<f32>(load_partials(at + 2u)), bitcast<f32>(load_partials(at + 3u)),
  );
}
`;
