// Whose kernels a graph is made for.
import type { Integers } from "./threefry-2x32.ts";

/**
 * Whose kernels a graph suits, where there is a choice; results are the same on either.
 * - The largest value: on the CPU by TopK of one. On WebGPU that sorts whole rows, and the ArgMax of onnxruntime-web's
 *   older provider gives garbage: there by two reductions.
 * - The sum of a row: by many blocks on the CPU, by few on WebGPU.
 */
export type Kernels = "cpu" | "gpu";

/** Those that suit a generator in these integers: `"uint64"` are for WebGPU. */
export function kernelsFor(integers: Integers): Kernels {
  return integers === "uint64" ? "gpu" : "cpu";
}
