// Floats as unsigned integers that sort like them, so that maxima, ties and "nothing yet" need no float comparison.

/** Sortable bits that stand for a row with NaN or +∞: above those of every float. */
export const DEGENERATE = "0xffffffffu";

/**
 * `fn sortable_bits(bits: u32) -> u32`: the bits of a finite float as an integer that sorts like it, −0 equal to 0. Never
 * 0, which is left for "no category", and never 0xffffffff, which stands for a degenerate row. Needs no other function.
 */
export const sortableBitsWgsl: string = /* wgsl */ `
fn sortable_bits(bits: u32) -> u32 {
  let unsigned_zero = select(bits, 0u, bits == 0x80000000u);
  return unsigned_zero ^ select(0x80000000u, 0xffffffffu, unsigned_zero >= 0x80000000u);
}
`;

/** `fn bits_of_sortable(sortable: u32) -> u32`: the float's bits again. Needs no other function. */
export const bitsOfSortableWgsl: string = /* wgsl */ `
fn bits_of_sortable(sortable: u32) -> u32 {
  return sortable ^ select(0xffffffffu, 0x80000000u, sortable >= 0x80000000u);
}
`;
