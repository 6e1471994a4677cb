// The lazy search for a row's best: an upper bound of each perturbed logit that takes no logarithm, and the logarithms
// only where the bound does not rule the element out. Exact: what is skipped could not have won.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { lanesOf, type Team } from "./team.ts";

/**
 * `fn scan_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Best`: the best of a lane's share of
 * a chunk, for rows of consecutive counters. Needs `struct Best`, `better`, `order_of`, `quad_at` and noiseAtWgsl.
 *
 * The bound: `−log u ≥ 1 − u ≥ t` with `t = ⌊¬w/2⌋·2⁻³¹`, so `g ≤ −log t`, and `log₂ t` is at least what one reads off
 * the bits of the float t: exponent and mantissa as one number, since `log₂(1 + f) ≥ f`. It is at most 0.06 too high.
 * Four elements are bounded at a time. With subgroups the lanes go on together until one of them has a candidate, so
 * that waiting lanes cost nothing; SwiftShader runs both sides of every `if`, but leaves a loop when no lane is in it.
 */
export function scanWgsl(team: Team, hasSubgroups: boolean): string {
  const any = (condition: string): string => (hasSubgroups ? `subgroupAny(${condition})` : condition);
  // The lanes of a team share what the best of them has found; lone invocations work on rows of their own.
  const most = hasSubgroups && team.kind !== "invocation" ? "subgroupMax(best.order)" : "best.order";
  const lanes = lanesOf(team);
  const exact = ["x", "y", "z", "w"]
    .map((c) => `best = better(best, exact_best(bits.${c}, z.${c}, j.${c}));`)
    .join("\n    ");
  return /* wgsl */ `
// ln 2/2²³: bits of a float as a multiple of its logarithm's distance to that of 2⁻¹²⁷.
const LOG_PER_BIT = 8.262958405e-8f;
fn exact_best(bits: u32, z: f32, j: u32) -> Best {
  let order = order_of(bitcast<u32>(z));
  return Best(select(order, 0u, is_masked(bits)), j);
}
fn threshold_of(order: u32) -> f32 {
  // Nothing found yet: everything that is not masked is a candidate.
  if (order == 0u) { return -3.4028234e38f; }
  let best = bitcast<f32>(bits_of_order(order));
  // The noise's own error, the sum's rounding and the bound's, with room: 2⁻²⁰·44 + 2⁻²³·|z|, several times over.
  let slack = 2e-4f + abs(best) * 0x1p-20f;
  return max(best - slack, -3.4028234e38f) - 158f * 0.6931472f;
}
// Four elements of a lane, of which those from the end on are the last element again.
fn indices_at(base: u32, end: u32) -> vec4<u32> { return min(quad_at(base), vec4(end - 1u)); }
fn bits_at(start: u32, j: vec4<u32>) -> vec4<u32> {
  return vec4(load_logits(start + j.x), load_logits(start + j.y), load_logits(start + j.z), load_logits(start + j.w));
}
fn scan_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Best {
  var best = Best(0u, 0xffffffffu);
  var threshold = threshold_of(0u);
  var highest = 0i;
  var last = 0u;
  var base = begin;
  while (base < end) {
    var next = base;
    loop {
      base = next;
      let j = indices_at(base + lane, end);
      let words = word_at_of_4(counter, j);
      let bits = bits_at(start, j);
      let signed = bitcast<vec4<i32>>(bits);
      highest = max(highest, max(max(signed.x, signed.y), max(signed.z, signed.w)));
      last = max(last, max(max(bits.x, bits.y), max(bits.z, bits.w)));
      let t = vec4<f32>(vec4<i32>(~words >> vec4(1u)));
      let bound = fma(vec4(-LOG_PER_BIT), vec4<f32>(bitcast<vec4<i32>>(t)), bitcast<vec4<f32>>(bits));
      let is_candidate = max(max(bound.x, bound.y), max(bound.z, bound.w)) >= threshold;
      next += ${4 * lanes}u;
      if (${any("is_candidate")} || next >= end) { break; }
    }
    // Made again, because keeping them would cost every round a store of each: candidates are rare.
    let j = indices_at(base + lane, end);
    let bits = bits_at(start, j);
    let z = bitcast<vec4<f32>>(bits) + gumbel_at_of_4(counter, j);
    ${exact}
    threshold = threshold_of(${most});
    base = next;
  }
  // NaN or +∞: seen by the bits of all elements, sign bit set or not, whether or not they were candidates.
  if (highest >= 0x7f800000i || last > 0xff800000u) { best = Best(${DEGENERATE_ORDER}, 0u); }
  return best;
}
`;
}
