// The reference as a host of kernels over NdArray, and calls of one operation without a sampler.
import type { Host } from "../backend.ts";
import { binderOf, perform } from "../create-sampler.ts";
import { ESTIMATORS } from "../estimators.ts";
import { FILTERS } from "../filters.ts";
import { sizeOf } from "../layout.ts";
import { assertNdArray, type NdArray } from "../nd-array.ts";
import type { Operation } from "../operation.ts";

/** Types of the reference's results. */
export interface ReferenceResults {
  /** Float results, in float64. */
  readonly float: NdArray<Float64Array>;
  /** Category indices. */
  readonly index: NdArray<Int32Array>;
  /** Random words. */
  readonly word: NdArray<Uint32Array>;
}

const ARRAY_OF = { float32: Float64Array, int32: Int32Array, uint32: Uint32Array } as const;

/** How the reference sees arrays. */
export const referenceHost: Host<NdArray, "sync"> = {
  name: "reference",
  mode: "sync",
  logarithms: true,
  filters: FILTERS,
  perRow: true,
  estimators: ESTIMATORS,
  shapeOf(value, argument) {
    assertNdArray(value, argument);
    return value.shape;
  },
  valuesOf: ({ data }) => data,
  zeros: ({ dtype, shape }) => ({ data: new ARRAY_OF[dtype](sizeOf(shape)), shape: [...shape] }),
};

/** Checks the arguments of one call and runs its kernel: the free functions, which leave the other operations out of a bundle. */
export function evaluate<Result>(
  operation: Operation,
  kernel: (call: never, inputs: never) => Result,
  args: readonly unknown[],
): Result {
  const job = binderOf<unknown>(referenceHost as never, operation)(args);
  return perform(referenceHost as never, kernel as never, job) as Result;
}
