// Logits as float32: what a model gives is read as it is, or converted. Changes nothing in place.
import { float32Of as convert, describe } from "@gumbel/core/adapter";
import type { LogitData } from "./options.ts";

/** Arrays that hold logits; the bits of float16 in a `Uint16Array`. */
const ALLOWED = ["Float32Array", "Uint16Array", "Float16Array", "Float64Array", "Array"];

/**
 * The values as float32, the array itself where it is one. A `Uint16Array` holds float16 bits.
 * @throws TypeError for any other array
 */
export function float32Of(data: LogitData): Float32Array {
  // By name: an array may come of another realm.
  const kind = Object.prototype.toString.call(data).slice("[object ".length, -1);
  if (ALLOWED.includes(kind)) {
    // A string or a hole would become NaN, and null 0.
    const at = Array.isArray(data) ? indexOfNoNumber(data) : -1;
    if (at >= 0) throw new TypeError(`logits must hold numbers, got ${describe(data[at])} at ${at}`);
    return convert(data);
  }
  const allowed =
    "a Float32Array, float16 in a Float16Array or Uint16Array, a Float64Array or an array of numbers";
  throw new TypeError(
    `logits must be ${allowed}, got ${ArrayBuffer.isView(data) ? `a ${kind}` : describe(data)}`,
  );
}

/** Index of the first element that is no number, or −1. */
function indexOfNoNumber(data: readonly unknown[]): number {
  for (let i = 0; i < data.length; i++) if (typeof data[i] !== "number") return i;
  return -1;
}
