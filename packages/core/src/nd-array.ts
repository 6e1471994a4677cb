// The plain tensor of the reference: row-major values and a shape, nothing else.

/** Values that an {@link NdArray} may hold. */
export type NdData = Float64Array | Float32Array | Int32Array | Uint32Array | readonly number[];

/** A dense row-major tensor. `data.length` is the product of `shape`; `shape: []` is a scalar. */
export interface NdArray<D extends NdData = NdData> {
  /** The values, row-major. */
  readonly data: D;
  /** Dimensions, from the slowest to the fastest. */
  readonly shape: readonly number[];
}

/** Number of elements of a shape: 1 for a scalar, 0 when any dimension is empty. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
