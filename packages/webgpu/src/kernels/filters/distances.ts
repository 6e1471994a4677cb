// Scaled distances of a row's logits to its largest one, and the masses that they weigh, as integers: sums of them are the
// same in any order and however rows are cut.
import { ROUNDING, ROUNDING_BITS } from "../../wgsl/exp-core.ts";
import { expCoreWgsl } from "../../wgsl/index.ts";

/**
 * - `fn begin_distances(peak: u32)`: sets the sortable bits of the row's largest logit.
 * - `fn distance_of(order: u32, scale: f32, limit: f32) -> f32`: `(max − logit)/τ`, scale being 2/τ. It never grows with the
 *   order: rounding is monotone, and `opaque` keeps a compiler from joining the two steps.
 * - `fn halves_of(mass: f32) -> vec2<i32>`: a mass up to 2⁴⁰ as the nearest integer `hi·2²⁰ + lo`, lo between ±2¹⁹. `fn joined(halves:
 *   vec2<i32>) -> vec2<u32>`: as 64 bits, of sums of halves too.
 * - `fn mass_of(distance: f32) -> vec2<u32>`: exp(−distance) in fixed point, `(hi, lo)`; that of the largest logit is
 *   `params.mass_scale`.
 * - `fn lowest_within(distance: f32, scale: f32, limit: f32) -> u32`: the smallest order within a distance.
 * - `fn share_of(total: vec2<u32>, share: u32) -> vec2<u32>`: a part of a mass, `share/2³²` of it.
 * - `fn is_less(a: vec2<u32>, b: vec2<u32>) -> bool`.
 */
export const distancesWgsl: string = /* wgsl */ `${expCoreWgsl}
var<private> peak_of_row: u32;
var<private> half_peak: f32;
// Copies of params: SwiftShader reads a uniform anew in every round of a loop.
var<private> opaque_zero: u32;
var<private> scale_of_mass: f32;
fn begin_distances(peak: u32) {
  peak_of_row = peak;
  opaque_zero = params.zero;
  scale_of_mass = params.mass_scale;
  half_peak = 0.5f * bitcast<f32>(bits_of_sortable(peak));
}
fn veiled(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ opaque_zero); }
fn distance_of(order: u32, scale: f32, limit: f32) -> f32 {
  let half = veiled(half_peak - 0.5f * bitcast<f32>(bits_of_sortable(order)));
  return min(half, limit) * scale;
}
// WGSL's own conversion clamps, which takes as long as the exponential.
fn nearest(x: f32) -> i32 { return bitcast<i32>(x + ${ROUNDING}) - ${ROUNDING_BITS}; }
fn halves_of(mass: f32) -> vec2<i32> {
  let hi = nearest(mass * 0x1p-20f);
  return vec2(hi, nearest(fma(f32(hi), -0x1p20f, mass)));
}
fn joined(halves: vec2<i32>) -> vec2<u32> {
  let hi = bitcast<u32>(halves.x);
  return add_64(vec2(hi >> 12u, hi << 20u), vec2(bitcast<u32>(halves.y >> 31u), bitcast<u32>(halves.y)));
}
fn mass_of(distance: f32) -> vec2<u32> {
  return joined(halves_of(exp_core(max(-distance, -88f)) * scale_of_mass));
}
// That of −3.4e38.
const LOWEST_ORDER = 0x00800000u;
fn lowest_within(distance: f32, scale: f32, limit: f32) -> u32 {
  var low = LOWEST_ORDER;
  var high = peak_of_row;
  for (var step = 0u; step < 32u && low < high; step++) {
    let middle = low + (high - low) / 2u;
    if (distance_of(middle, scale, limit) <= distance) { high = middle; } else { low = middle + 1u; }
  }
  return high;
}
fn share_of(total: vec2<u32>, share: u32) -> vec2<u32> {
  return add_64(multiply_64(vec2(0u, total.x), share), vec2(0u, multiply_64(vec2(0u, total.y), share).x));
}
fn is_less(a: vec2<u32>, b: vec2<u32>) -> bool { return a.x < b.x || (a.x == b.x && a.y < b.y); }
`;
