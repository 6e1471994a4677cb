// The alphabet of byte-level tokenizers: a printable character for each byte (GPT-2's `bytes_to_unicode`).

/** Whether a byte of Latin-1 is printed as itself. */
function isPrintable(byte: number): boolean {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

/** Character of each byte: printable ones stand for themselves, the others are U+0100 and following. */
export const BYTE_ALPHABET: readonly string[] = byteAlphabet();

function byteAlphabet(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}
