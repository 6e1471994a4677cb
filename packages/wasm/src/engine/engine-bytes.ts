// The engine's binary, for the instructions that this machine has.
import { describe } from "@gumbel/core/adapter";
import { PIECES } from "./binary.ts";

/** Instructions of the engine. `"relaxed"` multiplies and adds in one, and rounds once; samples differ from those of `"plain"` only at near-ties. */
export type Simd = "plain" | "relaxed";

/**
 * A module with one function of relaxed SIMD: `(func (drop (f32x4.relaxed_madd …)))` on zeros. Where it is valid, the engine's
 * relaxed build is.
 */
const RELAXED_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // One type, () → (), and one function of it.
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00],
  // Its body: three times `i32.const 0; i32x4.splat`, then `f32x4.relaxed_madd; drop`.
  ...[0x0a, 0x14, 0x01, 0x12, 0x00],
  ...[0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11],
  ...[0xfd, 0x85, 0x02, 0x1a, 0x0b],
);

/** Whether WebAssembly has the SIMD that the engine needs. Where it has none, the engine throws. */
export function hasSimd(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytesOf("plain"));
}

/** The best instructions that this machine has. */
export function bestSimd(): Simd {
  return typeof WebAssembly === "object" && WebAssembly.validate(RELAXED_PROBE) ? "relaxed" : "plain";
}

/**
 * The engine's binary.
 * @throws RangeError for other instructions than those of {@link Simd}, Error where WebAssembly does not have them
 */
export function engineBytes(simd: Simd): Uint8Array<ArrayBuffer> {
  if (simd !== "plain" && simd !== "relaxed") {
    throw new RangeError(`simd must be "plain" or "relaxed", got ${describe(simd)}`);
  }
  const bytes = bytesOf(simd);
  if (typeof WebAssembly === "object" && WebAssembly.validate(bytes)) return bytes;
  throw new Error(
    simd === "plain"
      ? "@gumbel/wasm needs WebAssembly SIMD, which this engine lacks: Node 16.4, Chrome 91, Firefox 89 and Safari 16.4 have it"
      : 'simd must be "plain" here, got "relaxed": this engine has no relaxed SIMD',
  );
}

function bytesOf(simd: Simd): Uint8Array<ArrayBuffer> {
  const digits = PIECES.map((piece) => piece[simd]).join("");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
