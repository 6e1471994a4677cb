// Lazy argmax: an upper bound of each perturbed logit that takes no logarithm, and the logarithms only where the bound
// does not rule the element out. Exact: what is skipped could not have been the argmax.
import { laneCount, type ThreadGroup } from "../../shader/thread-group.ts";
import { DEGENERATE } from "../../wgsl/sortable-bits.ts";

/** What is particular to the rows of a kernel, as WGSL expressions. */
export interface LazyRow {
  readonly temperature: string;
  /** The bits of the logit of a category, an expression, in the row that starts at `start`. */
  readonly load: (category: string) => string;
}

const CALL: LazyRow = {
  temperature: "params.temperature",
  load: (category) => `load_logits(index_of(start, ${category}))`,
};

/**
 * - `fn threshold_of(key: u32) -> f32`: what the upper bound of an element must reach whose key is this one or larger.
 * - `fn bound_of_4(words: vec4<u32>, bits: vec4<u32>, noise_per_bit: f32) -> vec4<f32>`: the bounds, to be compared with it.
 * - `fn indices_at(base, end)`, `fn bits_at(start, j)`: four categories of a lane, and their logits.
 *
 * Needs `quad_at` and `bits_of_sortable`.
 */
export function lazyBoundWgsl({ temperature, load }: LazyRow = CALL): string {
  return /* wgsl */ `
// ln 2/2²³: bits of a float as a multiple of its logarithm's distance to that of 2⁻¹²⁷.
const LOG_PER_BIT = 8.262958405e-8f;
// The bound that a candidate must reach, as the loop computes it: without the 127 + 31 powers of two.
fn threshold_of(key: u32) -> f32 {
  // Nothing found yet: everything that is not masked is a candidate.
  if (key == 0u) { return -3.4028234e38f; }
  let sum = bitcast<f32>(bits_of_sortable(key));
  // The noise's own error, the sum's rounding and the bound's, with room: 2⁻²⁰·44·τ + 2⁻²³·|sum|, several times over.
  let slack = fma(2e-4f, ${temperature}, abs(sum) * 0x1p-20f);
  return max(sum - slack, -3.4028234e38f) - 158f * 0.6931472f * ${temperature};
}
// Four elements of a lane, of which those from the end on are the last element again.
fn indices_at(base: u32, end: u32) -> vec4<u32> { return min(quad_at(base), vec4(end - 1u)); }
fn bits_at(start: u32, j: vec4<u32>) -> vec4<u32> {
  return vec4(${["x", "y", "z", "w"].map((c) => load(`j.${c}`)).join(", ")});
}
fn bound_of_4(words: vec4<u32>, bits: vec4<u32>, noise_per_bit: f32) -> vec4<f32> {
  let t = vec4<f32>(vec4<i32>(~words >> vec4(1u)));
  return fma(vec4(noise_per_bit), vec4<f32>(bitcast<vec4<i32>>(t)), bitcast<vec4<f32>>(bits));
}
`;
}

/**
 * `fn argmax_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Argmax`: the argmax of a lane's
 * share of a chunk, for rows of consecutive counters. Needs argmaxWgsl, `quad_at` and noiseAtWgsl.
 *
 * The bound: `−log u ≥ 1 − u ≥ t` with `t = ⌊¬w/2⌋·2⁻³¹`, so `g ≤ −log t`, and `log₂ t` is at least what one reads off
 * the bits of the float t: exponent and mantissa as one number, since `log₂(1 + f) ≥ f`. It is at most 0.06 too high.
 * Four elements are bounded at a time. With subgroups the lanes go on together until one of them has a candidate, so
 * that waiting lanes cost nothing; SwiftShader runs both sides of every `if`, but leaves a loop when no lane is in it.
 */
export function lazyArgmaxWgsl(group: ThreadGroup, hasSubgroups: boolean, row: LazyRow = CALL): string {
  const any = (condition: string): string => (hasSubgroups ? `subgroupAny(${condition})` : condition);
  // The lanes of a group share the largest key that one of them has found.
  const largest = hasSubgroups ? "subgroupMax(best.key)" : "best.key";
  const include = ["x", "y", "z", "w"]
    .map((c) => `best = larger(best, argmax_of(bits.${c}, gumbel.${c}, j.${c}));`)
    .join("\n    ");
  return /* wgsl */ `${lazyBoundWgsl(row)}fn argmax_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Argmax {
  let noise_per_bit = -LOG_PER_BIT * ${row.temperature};
  var best = NO_ARGMAX;
  var threshold = threshold_of(0u);
  var positive = 0i;
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
      positive = max(positive, max(max(signed.x, signed.y), max(signed.z, signed.w)));
      last = max(last, max(max(bits.x, bits.y), max(bits.z, bits.w)));
      let bound = bound_of_4(words, bits, noise_per_bit);
      let is_candidate = max(max(bound.x, bound.y), max(bound.z, bound.w)) >= threshold;
      next += ${4 * laneCount(group)}u;
      if (${any("is_candidate")} || next >= end) { break; }
    }
    // Computed again, because keeping them would cost every round a store of each: candidates are rare.
    let j = indices_at(base + lane, end);
    let bits = bits_at(start, j);
    let gumbel = gumbel_at_of_4(counter, j);
    ${include}
    threshold = threshold_of(${largest});
    base = next;
  }
  // NaN or +∞, found by the bits of all elements, whatever the sign and whether or not they were candidates.
  if (positive >= 0x7f800000i || last > 0xff800000u) { best = Argmax(${DEGENERATE}, NO_REST, 0u); }
  return best;
}
`;
}
