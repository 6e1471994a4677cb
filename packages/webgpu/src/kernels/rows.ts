// Where elements of rows stand, and which counters they own, in WGSL. Needs `params` and the functions of blockWgsl.

/**
 * - `fn row_start(row: u32) -> u32`: flat index of a row's first element in an array of all samples.
 * - `fn logits_start(row: u32) -> u32`: the same in the logits, which have no sample dimensions.
 * - `fn row_counter(row: u32) -> vec2<u32>`: counter of a row's first element.
 * - `fn place_of(start: u32, category: u32) -> u32`: flat index of an element of the row that starts there.
 * - `fn quad_at(base: u32) -> vec4<u32>`: the four categories of a lane, LANES apart.
 * - `fn counter_at(first: vec2<u32>, category: u32) -> vec2<u32>`: counter of an element of the row.
 */
export function rowsWgsl(hasUnitStep: boolean): string {
  return /* wgsl */ `
fn row_start(row: u32) -> u32 {
  return row / params.inner * (params.classes * params.inner) + row % params.inner;
}
fn logits_start(row: u32) -> u32 {
  return row / params.inner % params.outer * (params.classes * params.inner) + row % params.inner;
}
fn row_counter(row: u32) -> vec2<u32> {
  let within = row % params.inner;
  let block = multiply_64(vec2(params.block_stride_hi, params.block_stride_lo), row / params.inner);
  let offset = add_64(vec2(params.offset_hi, params.offset_lo), block);
  let stride = vec2(params.row_stride_hi, params.row_stride_lo);
  return counter_of(offset, stride, within / params.columns, within % params.columns);
}
fn place_of(start: u32, category: u32) -> u32 {
  return start + category${hasUnitStep ? "" : " * params.inner"};
}
fn quad_at(base: u32) -> vec4<u32> { return vec4(base) + vec4(0u, LANES, 2u * LANES, 3u * LANES); }
fn counter_at(first: vec2<u32>, category: u32) -> vec2<u32> {
  return add_64(first, ${hasUnitStep ? "vec2(0u, category)" : "multiply_64(vec2(params.step_hi, params.step_lo), category)"});
}
`;
}
