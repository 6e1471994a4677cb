// The largest of many floats, and whether NaN or +∞ is among them, in three integer operations a value, in WGSL.
import { DEGENERATE } from "../wgsl/sortable-bits.ts";
import type { Reduction } from "./thread-group.ts";

/** Extremes of bits. */
export const EXTREMES: Reduction = {
  type: "Extremes",
  fields: ["positive", "negative", "last"],
  merge: "merge_extremes",
};

/**
 * `struct Extremes`, `NO_EXTREMES`, `fn include(e, bits: u32)`, `fn include_4(e, bits: vec4<u32>)`, `fn merge_extremes(a, b)`,
 * and `fn maximum_of(e) -> u32`: sortable bits of the largest float, 0 where there is nothing but masks, DEGENERATE where
 * there is NaN or +∞. Positive floats sort as signed integers do, negative ones the other way round as unsigned integers.
 */
export const extremesWgsl: string = /* wgsl */ `
struct Extremes { positive: i32, negative: u32, last: u32 }
const NO_EXTREMES = Extremes(-1i, 0xff800000u, 0u);
fn include(e: Extremes, bits: u32) -> Extremes {
  return Extremes(max(e.positive, bitcast<i32>(bits)), min(e.negative, bits), max(e.last, bits));
}
fn include_4(e: Extremes, bits: vec4<u32>) -> Extremes {
  let signed_bits = bitcast<vec4<i32>>(bits);
  return Extremes(
    max(e.positive, max(max(signed_bits.x, signed_bits.y), max(signed_bits.z, signed_bits.w))),
    min(e.negative, min(min(bits.x, bits.y), min(bits.z, bits.w))),
    max(e.last, max(max(bits.x, bits.y), max(bits.z, bits.w))),
  );
}
fn merge_extremes(a: Extremes, b: Extremes) -> Extremes {
  return Extremes(max(a.positive, b.positive), min(a.negative, b.negative), max(a.last, b.last));
}
fn maximum_of(e: Extremes) -> u32 {
  if (e.positive >= 0x7f800000i || e.last > 0xff800000u) { return ${DEGENERATE}; }
  if (e.positive >= 0i) { return sortable_bits(bitcast<u32>(e.positive)); }
  return select(sortable_bits(e.negative), 0u, e.negative == 0xff800000u);
}
fn is_degenerate_row(maximum: u32) -> bool { return maximum == 0u || maximum == ${DEGENERATE}; }
`;
