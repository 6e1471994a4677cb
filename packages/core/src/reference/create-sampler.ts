// The reference as a Sampler: float64, on the CPU, synchronous.
import type { NdArray } from "../nd-array.ts";
import { ALL_CAPABILITIES, type Sampler, type TopKResult } from "../sampler.ts";
import { categorical } from "./categorical.ts";
import { bits, gumbel } from "./noise.ts";
import { gumbelSoftmax, gumbelSoftmaxVjp, softmax, softmaxVjp } from "./softmax.ts";
import { topK } from "./top-k.ts";

/** The float64 reference: every result is there at once, as an {@link NdArray}. */
export interface ReferenceSampler extends Sampler<NdArray> {
  bits: typeof bits;
  gumbel: typeof gumbel;
  gumbelSoftmax: typeof gumbelSoftmax;
  gumbelSoftmaxVjp: typeof gumbelSoftmaxVjp;
  softmax: typeof softmax;
  softmaxVjp: typeof softmaxVjp;
  categorical: typeof categorical;
  topK: (...parameters: Parameters<typeof topK>) => TopKResult<NdArray>;
}

/** Creates the reference sampler, the backend that all others are measured against. */
export function createSampler(): ReferenceSampler {
  return {
    backend: "reference",
    capabilities: ALL_CAPABILITIES,
    bits,
    gumbel,
    gumbelSoftmax,
    gumbelSoftmaxVjp,
    softmax,
    softmaxVjp,
    categorical,
    topK,
  };
}
