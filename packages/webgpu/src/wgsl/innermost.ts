// A place where a CPU's compiler keeps everything in registers.

/**
 * Statements in two loops of one round. SwiftShader's compiler gives registers to the innermost loops first; elsewhere the
 * variables of the loops around hold them all, and arithmetic as long as Threefry's goes through memory and takes three
 * times as long. The condition is always true, which no optimizer finds out.
 *
 * @param word an expression of type u32
 */
export function innermost(statements: string, word: string): string {
  const once = `continuing { break if (${word} | 1u) != 0u; }`;
  return `loop { loop {
  ${statements}
  ${once} } ${once} }`;
}
