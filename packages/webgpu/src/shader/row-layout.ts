// Where elements of rows are stored, and which counters they own, in WGSL. Needs `params` and the functions of blockWgsl.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { NoiseVariant } from "./kernel.ts";

/** What the text of a kernel over rows depends on. */
export interface RowVariant {
  /** The noise that it adds. */
  readonly noise: NoiseVariant;
  /** Whether a row's elements, and their counters, follow one another. */
  readonly hasUnitStep: boolean;
  /** Whether rows have keys of their own, and each has the counters of a row alone. Default false. */
  readonly isKeyed?: boolean;
}

/** Which noise a kernel makes, and whether a row's elements and their counters follow one another. */
export function rowVariantOf({ categories, inner }: RowLayout, noise?: ResolvedNoise): RowVariant {
  if (noise === undefined) return { noise: "none", hasUnitStep: inner === 1 };
  return { noise: noise.precision, hasUnitStep: inner === 1 && noise.columns === categories };
}

/**
 * - `fn row_start(row: u32) -> u32`: flat index of a row's first element in an array of all samples.
 * - `fn logits_start(row: u32) -> u32`: the same in the logits, which have no sample dimensions.
 * - `fn row_counter(row: u32) -> vec2<u32>`: counter of a row's first element.
 * - `fn index_of(start: u32, category: u32) -> u32`: flat index of an element of the row that starts there.
 * - `fn quad_at(base: u32) -> vec4<u32>`: the four categories of a lane, LANES apart.
 * - `fn counter_at(first: vec2<u32>, category: u32) -> vec2<u32>`: counter of an element of the row.
 */
export function rowLayoutWgsl(hasUnitStep: boolean, isKeyed = false): string {
  const outer = isKeyed ? "row / params.logits_rows" : "row / params.inner";
  return /* wgsl */ `
fn row_start(row: u32) -> u32 {
  return row / params.inner * (params.categories * params.inner) + row % params.inner;
}
fn logits_start(row: u32) -> u32 {
  return row / params.inner % params.outer * (params.categories * params.inner) + row % params.inner;
}
fn row_counter(row: u32) -> vec2<u32> {
  let within = ${isKeyed ? "0u" : "row % params.inner"};
  let outer = multiply_64(vec2(params.outer_stride_hi, params.outer_stride_lo), ${outer});
  let offset = add_64(vec2(params.offset_hi, params.offset_lo), outer);
  let stride = vec2(params.row_stride_hi, params.row_stride_lo);
  return counter_of(offset, stride, within / params.columns, within % params.columns);
}
fn index_of(start: u32, category: u32) -> u32 {
  return start + category${hasUnitStep ? "" : " * params.inner"};
}
fn quad_at(base: u32) -> vec4<u32> { return vec4(base) + vec4(0u, LANES, 2u * LANES, 3u * LANES); }
fn counter_at(first: vec2<u32>, category: u32) -> vec2<u32> {
  return add_64(first, ${hasUnitStep ? "vec2(0u, category)" : "multiply_64(vec2(params.step_hi, params.step_lo), category)"});
}
`;
}

/** `load_<tensor>` of the four categories `j` of the row that starts at the WGSL expression `start`. */
export function loadQuad(tensor: string, start: string): string {
  const loads = ["x", "y", "z", "w"].map((c) => `load_${tensor}(index_of(${start}, j.${c}))`);
  return `vec4(${loads.join(", ")})`;
}
