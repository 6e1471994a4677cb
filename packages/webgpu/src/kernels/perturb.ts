// Perturbed logits in the order that reductions compare, in WGSL.
import { DEGENERATE_ORDER } from "../wgsl/order.ts";
import type { NoiseVariant } from "./kernel.ts";
import { pairWgsl } from "./pairs.ts";

/** `fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32>`: an element's block. Needs `counter_at`. */
export const blockAtWgsl: string = /* wgsl */ `
fn block_at(counter: vec2<u32>, category: u32) -> vec2<u32> {
  return threefry_2x32(vec2(params.key_hi, params.key_lo), counter_at(counter, category));
}
`;

/**
 * `fn blocks_at(counter: vec2<u32>, j: vec2<u32>) -> vec4<u32>`: the blocks of two categories of the row that starts at
 * `counter`, as `threefry_2x32_of_2` gives them; of the same and of four categories `word_at`, which is x0 ^ x1, and
 * `gumbel_at`. Needs `counter_at` and noiseOf2Wgsl.
 */
export function noiseAtWgsl(hasUnitStep: boolean): string {
  const counters = hasUnitStep
    ? `let lo = vec2(counter.y) + j;
  let hi = vec2(counter.x) + select(vec2(0u), vec2(1u), lo < j);`
    : `let a = counter_at(counter, j.x);
  let b = counter_at(counter, j.y);
  let lo = vec2(a.y, b.y);
  let hi = vec2(a.x, b.x);`;
  const at = (name: string, result: "f32" | "u32", value: string): string => {
    const body = `let blocks = blocks_at(counter, j);\n  return ${value};`;
    return pairWgsl({ name, result, shared: ["counter: vec2<u32>"], each: ["j"], body });
  };
  return /* wgsl */ `
fn blocks_at(counter: vec2<u32>, j: vec2<u32>) -> vec4<u32> {
  ${counters}
  return threefry_2x32_of_2(vec2(params.key_hi, params.key_lo), hi, lo);
}
${at("word_at", "u32", "blocks.xy ^ blocks.zw")}${at("gumbel_at", "f32", "gumbel_of_2(blocks)")}`;
}

/**
 * `seen_of_2`, `seen_of_4`, `seen`: bits of perturbed logits. Of masks, NaN and +∞ they stay as they are. Without noise
 * they are those of the logits.
 */
export function seenWgsl(noise: NoiseVariant): string {
  const sum = (f32: string, u32: string, gumbel: string): string =>
    noise === "none" ? "bits" : `bitcast<${u32}>(bitcast<${f32}>(bits) + ${gumbel})`;
  const special = "(bits & vec2(0x7f800000u)) == vec2(0x7f800000u)";
  return /* wgsl */ `${pairWgsl({
    name: "seen",
    result: "u32",
    shared: ["counter: vec2<u32>"],
    each: ["j", "bits"],
    body: `return select(${sum("vec2<f32>", "vec2<u32>", "gumbel_at_of_2(counter, j)")}, bits, ${special});`,
  })}
fn seen(counter: vec2<u32>, j: u32, bits: u32) -> u32 {
  let is_special = (bits & 0x7f800000u) == 0x7f800000u;
  return select(${sum("f32", "u32", "gumbel_of(block_at(counter, j))")}, bits, is_special);
}
`;
}

/**
 * `fn perturbed_order(bits: u32, counter: vec2<u32>, category: u32) -> u32`: order of `logit + g`, of the logit itself
 * where no noise is drawn; 0 for a mask, the highest order for NaN and +∞. `fn order_among(bits: u32, z: u32) -> u32`:
 * the same for a sum that is already there.
 */
export function perturbWgsl(noise: NoiseVariant): string {
  const z =
    noise === "none" ? "bits" : "bitcast<u32>(bitcast<f32>(bits) + gumbel_of(block_at(counter, category)))";
  return /* wgsl */ `${noise === "none" ? "" : blockAtWgsl}
fn order_among(bits: u32, z: u32) -> u32 {
  return select(select(order_of(z), 0u, is_masked(bits)), ${DEGENERATE_ORDER}, is_degenerate(bits));
}
fn perturbed_order(bits: u32, counter: vec2<u32>, category: u32) -> u32 {
  return order_among(bits, ${z});
}
`;
}
