// Floats as integers that sort like them, so that maxima, ties and "nothing yet" need no float comparison.

/** Order of a row that holds NaN or +∞: above every float's. */
export const DEGENERATE_ORDER = "0xffffffffu";

/**
 * `fn order_of(bits: u32) -> u32`: the bits of a finite float as an integer that sorts like it, −0 equal to 0. Never 0,
 * which is left for "no category", and never 0xffffffff, which stands for a degenerate row. Needs no other function.
 */
export const orderOfWgsl: string = /* wgsl */ `
fn order_of(bits: u32) -> u32 {
  let unsigned_zero = select(bits, 0u, bits == 0x80000000u);
  return unsigned_zero ^ select(0x80000000u, 0xffffffffu, unsigned_zero >= 0x80000000u);
}
`;

/** `fn bits_of_order(order: u32) -> u32`: the float's bits again. Needs no other function. */
export const bitsOfOrderWgsl: string = /* wgsl */ `
fn bits_of_order(order: u32) -> u32 {
  return order ^ select(0xffffffffu, 0x80000000u, order >= 0x80000000u);
}
`;
