// This package as a target of the conformance suite.
import type { NdArray } from "@gumbel/core";
import type { ConformanceTarget } from "@gumbel/core/conformance";
import type { Values } from "./backend.ts";
import { createSampler, type ParallelSamplerOptions, type SamplerOptions } from "./create-sampler.ts";

/** The target with a sampler of these options. Its tensors are plain arrays, so there is nothing to release. */
export function wasmTarget(options: SamplerOptions | ParallelSamplerOptions = {}): ConformanceTarget<Values> {
  return {
    async create() {
      const sampler = await createSampler(options as ParallelSamplerOptions);
      return {
        sampler,
        fromArray: ({ data, shape }) => ({ data: Float32Array.from(data), shape }),
        toArray: (tensor) =>
          tensor instanceof Float32Array ? { data: tensor, shape: [tensor.length] } : (tensor as NdArray),
        release: () => {},
        dispose: () => sampler.dispose(),
      };
    },
  };
}

/** The target of the best that this machine offers. */
const target: ConformanceTarget<Values> = wasmTarget();
export default target;
