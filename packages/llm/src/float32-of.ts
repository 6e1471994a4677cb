// Logits as float32: what a model gives is read as it is, or converted. Changes nothing in place.
import { describe } from "@gumbel/core/adapter";
import type { LogitData } from "./options.ts";

/**
 * The values as float32, the array itself where it is one. A `Uint16Array` holds float16 bits.
 * @throws TypeError for any other array
 */
export function float32Of(data: LogitData): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return Float32Array.from(data, floatOfHalf);
  const isFloat = Object.prototype.toString.call(data) === "[object Float16Array]";
  if (data instanceof Float64Array || Array.isArray(data) || isFloat) return Float32Array.from(data);
  const allowed =
    "a Float32Array, float16 in a Float16Array or Uint16Array, a Float64Array or an array of numbers";
  throw new TypeError(
    `logits must be ${allowed}, got ${ArrayBuffer.isView(data) ? kindOf(data) : describe(data)}`,
  );
}

function kindOf(data: ArrayBufferView): string {
  return `a ${data.constructor.name}`;
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
