// The reference as a target of the suite: it certifies itself against JAX's values, laws and statistics.
import type { NdArray } from "../nd-array.ts";
import { createSampler } from "../reference/create-sampler.ts";
import type { ConformanceTarget } from "./backend.ts";

/** The float64 reference under test. Its tensors are plain arrays, so there is nothing to release. */
export const referenceTarget: ConformanceTarget<NdArray> = {
  create: () => ({
    sampler: createSampler(),
    fromArray: (array) => array,
    toArray: (tensor) => tensor,
    release: () => {},
  }),
};
