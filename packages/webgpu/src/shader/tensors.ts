// Bindings of tensors and their accessors in WGSL. Everything is an array of words: floats are taken from their bits,
// because WGSL may assume that NaN and infinities do not occur.

/** How elements are stored: 32-bit words, or float16 packed in pairs. */
export type ElementFormat = "word" | "float16";

/** Tensors of callers, which may start anywhere in a binding; all others are scratch and start at 0. */
const BASED: readonly string[] = ["logits", "cotangent", "indices", "values", "output"];

/** A tensor that a kernel reads or writes. */
export interface TensorBinding {
  /** Name of its accessors and, where it has one, of its `<name>_base` in the params. */
  readonly name: string;
  /** `atomic` is read_write, through atomic functions alone. */
  readonly access: "read" | "read_write" | "atomic";
  readonly format?: ElementFormat;
  /** Number of bindings that the tensor is spread over. */
  readonly pieces: number;
  /** Words in each piece but the last; unused when there is one. */
  readonly pieceWords: number;
}

/**
 * Declares the bindings from `first` on, `fn load_<name>(index: u32) -> u32` (the bits of a float32 whatever the format)
 * and, where it may be written, `fn store_<name>(index: u32, bits: u32)`. Of atomic ones, which are bound in one piece,
 * `fn add_<name>(index: u32, value: u32) -> u32`, which returns the old value, and `fn raise_<name>(index: u32, value: u32)`.
 */
export function tensorWgsl(tensor: TensorBinding, first: number): string {
  const { name, access, format = "word", pieces, pieceWords } = tensor;
  if (access === "atomic") {
    return /* wgsl */ `@group(0) @binding(${first}) var<storage, read_write> ${name}_0: array<atomic<u32>>;
fn add_${name}(index: u32, value: u32) -> u32 { return atomicAdd(&${name}_0[index], value); }
fn raise_${name}(index: u32, value: u32) { atomicMax(&${name}_0[index], value); }
`;
  }
  const base = BASED.includes(name) ? ` + params.${name}_base` : "";
  const elementOf = (piece: number): string => `${name}_${piece}[word - ${piece * pieceWords}u]`;
  const inPieces = (statementOf: (element: string) => string): string =>
    Array.from({ length: pieces }, (_, piece) => {
      const statement = statementOf(pieces === 1 ? `${name}_0[word]` : elementOf(piece));
      return piece === pieces - 1 ? statement : `if (word < ${(piece + 1) * pieceWords}u) { ${statement} }`;
    }).join("\n  ");
  const declarations = Array.from(
    { length: pieces },
    (_, piece) =>
      `@group(0) @binding(${first + piece}) var<storage, ${access}> ${name}_${piece}: array<u32>;\n`,
  ).join("");
  const load =
    format === "word"
      ? `fn load_${name}(index: u32) -> u32 {
  let word = index${base};
  ${inPieces((element) => `return ${element};`)}
}`
      : `fn word_of_${name}(word: u32) -> u32 {
  ${inPieces((element) => `return ${element};`)}
}
fn load_${name}(index: u32) -> u32 {
  let at = index${base};
  return bits_of_float16((word_of_${name}(at >> 1u) >> ((at & 1u) * 16u)) & 0xffffu);
}`;
  const store = `fn store_${name}(index: u32, bits: u32) {
  let word = index${base};
  ${inPieces((element) => `${element} = bits;${pieces === 1 ? "" : " return;"}`)}
}`;
  return `${declarations}${load}\n${access === "read_write" ? `${store}\n` : ""}`;
}
