// Keeps a long computation in registers under SwiftShader, the CPU that stands in for a GPU.

/**
 * Puts statements into two loops of one round. SwiftShader's compiler gives registers to the innermost loops first; where
 * the loops around hold them all, Threefry goes through memory and takes three times as long. The condition is always
 * true, which no optimizer finds out.
 *
 * @param word an expression of type u32
 */
export function inRegisters(statements: string, word: string): string {
  const once = `continuing { break if (${word} | 1u) != 0u; }`;
  return `loop { loop {
  ${statements}
  ${once} } ${once} }`;
}
