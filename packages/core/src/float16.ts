// Float16 on the CPU: in a `Float16Array` where there is one, or as bits in a `Uint16Array`, which is how ONNX Runtime and
// WebGPU hold it.
import { isTypedArray } from "./is-typed-array.ts";

/** A `Float16Array`, which TypeScript's library for ES2022 does not have. */
export interface Float16Like extends ArrayLike<number>, ArrayBufferView {
  readonly [Symbol.toStringTag]: "Float16Array";
}

/**
 * Values as float32: the array itself where it is one, else a copy. A `Uint16Array` holds the bits of float16; other
 * numbers are rounded.
 */
export function float32Of(data: ArrayLike<number>): Float32Array {
  if (data instanceof Float32Array) return data;
  return isTypedArray(data, "Uint16Array") ? Float32Array.from(data, floatOfHalf) : new Float32Array(data);
}

const bits = /* @__PURE__ */ new Uint32Array(1);
const float = /* @__PURE__ */ new Float32Array(bits.buffer);

/** The number of a float16's 16 bits (IEEE 754 binary16), exactly. */
function floatOfHalf(half: number): number {
  const isNegative = half >= 0x8000;
  const magnitude = half & 0x7fff;
  // The exponent is rebased by 127 − 15; that of infinities and NaN by as much again, to all ones; subnormals are counted.
  if (magnitude < 0x400) float[0] = magnitude * 2 ** -24;
  else bits[0] = (magnitude << 13) + (magnitude < 0x7c00 ? 0x3800_0000 : 0x7000_0000);
  return isNegative ? -float[0] : float[0];
}
