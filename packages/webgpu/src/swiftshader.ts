// Everything that is tuned for SwiftShader, the CPU that stands in for a GPU in tests, in CI and in browsers without one.
// Results are the same to the last bit; without this file they take two to three times as long there.
import type { RowTuning } from "./plan/row-plan.ts";
import { paramsCopyWgsl, paramsWgsl } from "./shader/params.ts";
import { threefry2x32, threefry2x32Of2 } from "./wgsl/index.ts";

/** Subgroups up to this size are those of a CPU's SIMD unit. */
const CPU_SUBGROUP = 8;

/** Whether an adapter is a CPU: it says so by its largest subgroup, also where it has no subgroup operations. */
export function isSoftwareGpu({ subgroupMaxSize }: Partial<GPUAdapterInfo>): boolean {
  return subgroupMaxSize !== undefined && subgroupMaxSize > 0 && subgroupMaxSize <= CPU_SUBGROUP;
}

/**
 * How rows are shared out. A workgroup costs as much as some hundred elements, and workgroups run one by one on few
 * cores: longer rows for single threads, groups of one SIMD unit, few chunks.
 */
export const SOFTWARE_TUNING: RowTuning = {
  shortRow: 256,
  workgroupRow: Number.POSITIVE_INFINITY,
  workgroupSizes: [4, 4],
  busyJobs: 32,
  busyThreads: 32 * 64,
  shortestChunk: 512,
  sortWorkgroup: 64,
  fewestSegments: 256,
  sketched: 4096,
};

/**
 * Rewrites the text of a kernel. Threefry rotates by a multiplication and float32's adder, because SwiftShader takes a
 * vector shift apart into its lanes (the whole block takes 2.3 times as long). Params are copied once, because inside a
 * loop SwiftShader reads a uniform anew in every round, which costs as much as an element's noise; but a copy may not
 * decide whether a barrier is reached, so that texts with barriers keep the uniform.
 */
export function tuneForSwiftShader(code: string): string {
  const tuned = code
    .replace(threefry2x32("shift"), () => threefry2x32("adder"))
    .replace(threefry2x32Of2("shift"), () => threefry2x32Of2("adder"));
  return code.includes("workgroupBarrier") ? tuned : tuned.replace(paramsWgsl, () => paramsCopyWgsl(tuned));
}
