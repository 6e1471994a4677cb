// Which provider's kernels a graph is tuned for.
import type { Integers } from "./threefry-2x32.ts";

/**
 * Which provider a graph is tuned for, where operators differ in speed or accuracy; results are the same on either.
 * - Argmax: on the CPU by TopK with k = 1. On WebGPU TopK sorts whole rows, and the ArgMax of onnxruntime-web's JSEP gives
 *   wrong indices: there by two reductions.
 * - Sum of a row: by many blocks on the CPU, by few on WebGPU.
 * - Detection of NaN: on the CPU by arithmetic, on WebGPU, where arithmetic may lose it, by comparisons.
 */
export type Kernels = "cpu" | "gpu";

/** The kernels that suit a generator's integer type: `"uint64"` is for WebGPU. */
export function kernelsFor(integers: Integers): Kernels {
  return integers === "uint64" ? "gpu" : "cpu";
}
