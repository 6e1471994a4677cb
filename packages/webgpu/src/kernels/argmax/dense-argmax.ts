// The argmax of a lane's share of a chunk, with the noise of every element. It computes
//   argmax over j of  (logit_j − R)/2 + τ/2·g_j,
// R being a logit near the largest one, so that the noise keeps its digits beside logits of any size; no half overflows.
import type { NoiseVariant } from "../../shader/kernel.ts";
import { loadQuad } from "../../shader/row-layout.ts";

/**
 * `fn argmax_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Argmax`. A lane goes through its
 * categories upwards, so that the first of equals stays. Needs argmaxWgsl, extremesWgsl and noiseAtWgsl.
 *
 * @param isReduced whether the result is compared with others, or stored: then key and rest are needed, not only which
 * category it is
 */
export function denseArgmaxWgsl(noise: NoiseVariant, isReduced: boolean): string {
  return noise === "none" ? withoutNoiseWgsl : withNoiseWgsl(isReduced);
}

/** R is the largest of the first four logits. Where the largest of all is 16·τ away, that is R in a second try. */
const withNoiseWgsl = (isReduced: boolean): string => /* wgsl */ `
${leadWgsl("f32", "-3.4028234e38f")}
struct Try { lead: Lead, extremes: Extremes }
fn try_reference(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32, half_reference: f32) -> Try {
  // Main loop: 4 elements a lane. Tail: one a lane.
  let tail = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  var lead = NO_LEAD;
  var extremes = NO_EXTREMES;
  for (var base = begin; base < tail; base += 4u * LANES) {
    let j = quad_at(base + lane);
    let bits = ${loadQuad("logits", "start")};
    extremes = include_4(extremes, bits);
    let distances = fma(vec4(0.5f), bitcast<vec4<f32>>(bits), vec4(half_reference));
    lead = lead_of_4(lead, j, bits, fma(vec4(params.half_temperature), gumbel_at_of_4(counter, j), distances));
  }
  for (var j = tail + lane; j < end; j += LANES) {
    let bits = load_logits(index_of(start, j));
    extremes = include(extremes, bits);
    let distance = fma(0.5f, bitcast<f32>(bits), half_reference);
    let d = fma(params.half_temperature, gumbel_at(counter, j), distance);
    if (d > lead.distance && !is_masked(bits)) { lead = Lead(d, j); }
  }
  return Try(lead, extremes);
}
fn argmax_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Argmax {
  let last = vec4(end - 1u);
  let j = min(quad_at(begin + lane), last);
  var reference = maximum_of(include_4(NO_EXTREMES, ${loadQuad("logits", "start")}));
  var maximum = 0u;
  var lead = NO_LEAD;
  for (var tries = 0u; tries < 2u; tries++) {
    let half_reference = -0.5f * bitcast<f32>(bits_of_sortable(select(reference, 0x80000000u, is_degenerate_row(reference))));
    let tried = try_reference(start, counter, begin, end, lane, half_reference);
    lead = tried.lead;
    maximum = maximum_of(tried.extremes);
    if (is_degenerate_row(maximum)) { return Argmax(maximum, NO_REST, 0u); }
    let distance = fma(0.5f, bitcast<f32>(bits_of_sortable(maximum)), half_reference);
    if (abs(distance) <= 16f * params.half_temperature) { break; }
    reference = maximum;
  }
  ${
    isReduced
      ? `let bits = load_logits(index_of(start, lead.category));
  return argmax_of(bits, gumbel_at(counter, lead.category), lead.category);`
      : "return Argmax(maximum, NO_REST, lead.category);"
  }
}
`;

/** Without noise logits sort as signed integers do, but for the negative ones. */
const withoutNoiseWgsl: string = /* wgsl */ `
${leadWgsl("i32", "i32(-2147483648)")}
fn argmax_of_chunk(start: u32, counter: vec2<u32>, begin: u32, end: u32, lane: u32) -> Argmax {
  let tail = begin + (end - begin) / (4u * LANES) * (4u * LANES);
  var lead = NO_LEAD;
  var extremes = NO_EXTREMES;
  for (var base = begin; base < tail; base += 4u * LANES) {
    let j = quad_at(base + lane);
    let bits = ${loadQuad("logits", "start")};
    extremes = include_4(extremes, bits);
    let signed_bits = bitcast<vec4<i32>>(select(bits, vec4(0u), bits == vec4(0x80000000u)));
    lead = lead_of_4(lead, j, bits, select(signed_bits, signed_bits ^ vec4(0x7fffffffi), signed_bits < vec4(0i)));
  }
  for (var j = tail + lane; j < end; j += LANES) {
    let bits = load_logits(index_of(start, j));
    extremes = include(extremes, bits);
    let d = bitcast<i32>(sortable_bits(bits) ^ 0x80000000u);
    if (d > lead.distance && !is_masked(bits)) { lead = Lead(d, j); }
  }
  return Argmax(maximum_of(extremes), NO_REST, lead.category);
}
`;

/** `struct Lead`: the category of the largest distance so far; `fn lead_of_4(lead, j, bits, distances)`, which skips masks. */
function leadWgsl(type: "f32" | "i32", smallest: string): string {
  return /* wgsl */ `
struct Lead { distance: ${type}, category: u32 }
const SMALLEST = ${smallest};
const NO_LEAD = Lead(SMALLEST, 0xffffffffu);
fn lead_of_4(lead: Lead, j: vec4<u32>, bits: vec4<u32>, distances: vec4<${type}>) -> Lead {
  let d = select(distances, vec4(SMALLEST), bits == vec4(0xff800000u));
  let xy = select(j.x, j.y, d.y > d.x);
  let zw = select(j.z, j.w, d.w > d.z);
  let of_xy = max(d.x, d.y);
  let of_zw = max(d.z, d.w);
  let of_4 = max(of_xy, of_zw);
  let category = select(xy, zw, of_zw > of_xy);
  return Lead(max(lead.distance, of_4), select(lead.category, category, of_4 > lead.distance));
}
`;
}
