// The lazy search for a row's best: an upper bound of each perturbed logit that takes no logarithm, and the logarithms
// only where the bound does not rule the element out. Exact: what is skipped could not have won.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import { threefry2x32Of4Wgsl } from "../wgsl/threefry-2x32.ts";
import { lanesOf, type Team } from "./team.ts";

/**
 * `fn scan_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Best`: the best of a lane's share of
 * a chunk, for rows of consecutive counters. Needs `struct Best`, `better`, `gumbel_of`, `order_of`.
 *
 * The bound: `−log u ≥ 1 − u ≥ t` with `t = ⌊¬w/2⌋·2⁻³¹`, so `g ≤ −log t`, and `log₂ t` is at least what one reads off
 * the bits of the float t: exponent and mantissa as one number, since `log₂(1 + f) ≥ f`. It is at most 0.06 too high.
 * Four elements are bounded at a time. With subgroups the lanes go on together until one of them has a candidate, so
 * that waiting lanes cost nothing; SwiftShader runs both sides of every `if`, but leaves a loop when no lane is in it.
 */
export function scanWgsl(team: Team, hasSubgroups: boolean): string {
  const any = (condition: string): string => (hasSubgroups ? `subgroupAny(${condition})` : condition);
  const most = hasSubgroups ? "subgroupMax(best.order)" : "best.order";
  const lanes = lanesOf(team);
  const exact = ["x", "y", "z", "w"]
    .map((c) => `best = better(best, exact_best(bits.${c}, vec2(blocks.x0.${c}, blocks.x1.${c}), j.${c}));`)
    .join("\n    ");
  return /* wgsl */ `${threefry2x32Of4Wgsl}
// ln 2/2²³: bits of a float as a multiple of its logarithm's distance to that of 2⁻¹²⁷.
const LOG_PER_BIT = 8.262958405e-8f;
fn exact_best(bits: u32, block: vec2<u32>, j: u32) -> Best {
  let order = order_of(bitcast<u32>(bitcast<f32>(bits) + gumbel_of(block)));
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
fn scan_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Best {
  let key = vec2(params.key_hi, params.key_lo);
  var best = Best(0u, 0xffffffffu);
  var threshold = threshold_of(0u);
  var highest = vec4<i32>(0i);
  var last = vec4<u32>(0u);
  var base = begin;
  var j = vec4<u32>(0u);
  var bits = vec4<u32>(0xff800000u);
  var blocks = Blocks(vec4<u32>(0u), vec4<u32>(0u));
  while (base < end) {
    loop {
      j = vec4(base + lane) + vec4(0u, ${lanes}u, ${2 * lanes}u, ${3 * lanes}u);
      let lo = vec4(counter.y) + j;
      blocks = threefry_2x32_of_4(key, vec4(counter.x) + select(vec4(0u), vec4(1u), lo < vec4(counter.y)), lo);
      let at = min(j, vec4(end - 1u)) * params.inner + vec4(start);
      bits = vec4(load_logits(at.x), load_logits(at.y), load_logits(at.z), load_logits(at.w));
      // Beyond the end the last element is read again: seeing it twice changes nothing but the tie's index.
      highest = max(highest, bitcast<vec4<i32>>(bits));
      last = max(last, bits);
      let t = vec4<f32>(vec4<i32>(~(blocks.x0 ^ blocks.x1) >> vec4(1u)));
      let bound = fma(vec4(-LOG_PER_BIT), vec4<f32>(bitcast<vec4<i32>>(t)), bitcast<vec4<f32>>(bits));
      base += ${4 * lanes}u;
      let is_candidate = max(max(bound.x, bound.y), max(bound.z, bound.w)) >= threshold;
      if (${any("is_candidate")} || base >= end) { break; }
    }
    bits = select(bits, vec4(0xff800000u), j >= vec4(end));
    ${exact}
    threshold = threshold_of(${most});
  }
  let positive = max(max(highest.x, highest.y), max(highest.z, highest.w));
  let negative = max(max(last.x, last.y), max(last.z, last.w));
  // NaN or +∞: seen by the bits of all elements, sign bit set or not, whether or not they were candidates.
  if (positive >= 0x7f800000i || negative > 0xff800000u) { best = Best(${DEGENERATE_ORDER}, 0u); }
  return best;
}
`;
}
