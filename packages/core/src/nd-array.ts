// The plain tensor of the reference: row-major values and a shape, nothing else.
import { assertShape } from "./arguments.ts";
import { must } from "./describe.ts";
import type { Float16Like } from "./float16.ts";
import { isTypedArray } from "./is-typed-array.ts";
import { sizeOf } from "./layout.ts";

/** Values that an {@link NdArray} may hold. */
export type NdData = Float64Array | Float32Array | Float16Like | Int32Array | Uint32Array | readonly number[];

/** Values of the tensors of adapters that compute in float32: also the bits of float16, in a `Uint16Array`. */
export type HostData = NdData | Uint16Array;

/** A dense row-major tensor. `data.length` is the product of `shape`; `shape: []` is a scalar. */
export interface NdArray<D extends NdData = NdData> {
  /** The values, row-major. */
  readonly data: D;
  /** Dimensions, from the slowest to the fastest. */
  readonly shape: readonly number[];
}

/**
 * Checks that a value is an array with as many numbers as its shape says.
 *
 * @param allowsHalves whether a `Uint16Array` may come, as the bits of float16; nothing says that they are no integers
 * @throws TypeError when it is none, RangeError when data and shape do not fit
 */
export function assertNdArray(
  value: unknown,
  argument: string,
  allowsHalves = false,
): asserts value is NdArray {
  if (typeof value !== "object" || value === null || !("data" in value && "shape" in value)) {
    throw new TypeError(must(argument, "be an array { data, shape }", value));
  }
  const { data, shape } = value;
  assertShape(shape, `${argument}.shape`);
  if (
    !(Array.isArray(data) || ArrayBuffer.isView(data)) ||
    !isNumbers(data as unknown as ArrayLike<unknown>)
  ) {
    throw new TypeError(must(`${argument}.data`, "be an array of numbers", data));
  }
  if (!allowsHalves && isTypedArray(data, "Uint16Array")) {
    throw new TypeError(
      `${argument}.data must hold numbers, got a Uint16Array, which may hold the bits of float16: convert it to a Float32Array`,
    );
  }
  const { length } = data as unknown as ArrayLike<unknown>;
  if (length !== sizeOf(shape)) {
    throw new RangeError(`${argument}.data must hold ${sizeOf(shape)} values for its shape, got ${length}`);
  }
}

/** As far as the first and the last element tell: reading all of them would cost as much as some operations. */
function isNumbers(data: ArrayLike<unknown>): boolean {
  const { length } = data;
  return length === 0 || (typeof data[0] === "number" && typeof data[length - 1] === "number");
}
