// The reference as a sampler: float64, on the CPU, synchronous.
import { createSamplerOver } from "../create-sampler.ts";
import type { NdArray } from "../nd-array.ts";
import type { Sampler } from "../sampler.ts";
import { type ReferenceResults, referenceHost } from "./evaluate.ts";
import { referenceKernels } from "./index.ts";

/** The float64 reference: every result is there at once, as an {@link NdArray}. */
export type ReferenceSampler = Sampler<NdArray, "sync", ReferenceResults>;

/**
 * Creates the reference sampler, the backend that all others are measured against.
 *
 * @example createSampler().categorical({ data: [2, 1, 0.5], shape: [3] }, { key: key(42) }).data[0]
 */
export function createSampler(): ReferenceSampler {
  return createSamplerOver({ ...referenceHost, kernels: referenceKernels });
}
