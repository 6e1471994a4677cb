// The largest of many floats and whether NaN or +∞ is among them, in three integer operations a value, in WGSL.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import type { Reduction } from "./team.ts";

/** Extremes of the bits seen so far. */
export const EXTREMES: Reduction = {
  type: "Extremes",
  fields: ["highest", "least", "last"],
  merge: "merge_extremes",
};

/**
 * `struct Extremes`, `NOTHING_SEEN`, `fn see(e, bits: u32)`, `fn see_4(e, bits: vec4<u32>)`, `fn merge_extremes(a, b)`, and
 * `fn top_of(e) -> u32`: order of the largest float, 0 where there is nothing but masks, the highest order where there
 * is NaN or +∞. Positive floats sort as signed integers do, negative ones the other way round as unsigned integers.
 */
export const extremesWgsl: string = /* wgsl */ `
struct Extremes { highest: i32, least: u32, last: u32 }
const NOTHING_SEEN = Extremes(-1i, 0xff800000u, 0u);
fn see(e: Extremes, bits: u32) -> Extremes {
  return Extremes(max(e.highest, bitcast<i32>(bits)), min(e.least, bits), max(e.last, bits));
}
fn see_4(e: Extremes, bits: vec4<u32>) -> Extremes {
  let signed_bits = bitcast<vec4<i32>>(bits);
  return Extremes(
    max(e.highest, max(max(signed_bits.x, signed_bits.y), max(signed_bits.z, signed_bits.w))),
    min(e.least, min(min(bits.x, bits.y), min(bits.z, bits.w))),
    max(e.last, max(max(bits.x, bits.y), max(bits.z, bits.w))),
  );
}
fn merge_extremes(a: Extremes, b: Extremes) -> Extremes {
  return Extremes(max(a.highest, b.highest), min(a.least, b.least), max(a.last, b.last));
}
fn top_of(e: Extremes) -> u32 {
  if (e.highest >= 0x7f800000i || e.last > 0xff800000u) { return ${DEGENERATE_ORDER}; }
  if (e.highest >= 0i) { return order_of(bitcast<u32>(e.highest)); }
  return select(order_of(e.least), 0u, e.least == 0xff800000u);
}
`;
