// The entry `@gumbel/tfjs/core`, for small bundles: takes what the sampler needs from @tensorflow/tfjs-core by name, where
// createSampler(tf) of the main entry would keep the whole namespace in the page.
import type { Tensor } from "@tensorflow/tfjs-core";
import { createSampler as createSamplerOf, type TensorSampler } from "./create-sampler.ts";
import * as tf from "./tf-names.ts";

export * from "@gumbel/core/shared";
export type { RankedMethods, TensorSampler } from "./create-sampler.ts";

/**
 * Creates a sampler for `@tensorflow/tfjs-core`: that of the main entry, without its argument. It computes on whichever of
 * the `cpu`, `wasm`, `webgl` and `webgpu` backends is current when a method is called.
 *
 * @example const indices = createSampler().categorical(tensor1d([2, 1, 0.5]), { key: key(42) })
 */
export function createSampler(): TensorSampler<Tensor> {
  return createSamplerOf<Tensor>(tf);
}
