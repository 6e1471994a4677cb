// Results of kernels, in the form that callers get.
import type { NdArray, NdData } from "@gumbel/core/shared";

/** An array of a shape, which is copied: the caller's own may change. */
export function arrayOf<D extends NdData>(data: D, shape: readonly number[]): NdArray<D> {
  return { data, shape: [...shape] };
}
