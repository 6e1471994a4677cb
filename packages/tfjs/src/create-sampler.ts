// The sampler over TensorFlow.js tensors: core's face over the backend of a namespace.
import type { Sampler } from "@gumbel/core";
import { type Backend, createSamplerOver } from "@gumbel/core/adapter";
import { createBackend } from "./backend.ts";
import { assertNamespace, type TensorFlow, type TfCore } from "./tensorflow.ts";

/**
 * The `Sampler` of `@gumbel/core` over TensorFlow.js tensors, that answers at once. `gumbelSoftmax`, `softmax`,
 * the values of `gumbelTopK` and `logProb` are differentiable in the logits; with `hard`, straight-through. A key that is
 * left out is drawn once, for the sample and its gradient.
 *
 * Logits and cotangents may be of any numeric dtype and are taken as float32. Like every TensorFlow.js operation, a
 * method makes tensors that the caller (or `tf.tidy`) disposes, and leaves its inputs alone. A disposed or foreign
 * tensor, or complex or string ones, are refused by name.
 */
export type TensorSampler<T> = Sampler<T, "sync">;

/**
 * Creates a sampler for a TensorFlow.js namespace. It computes on whichever of the `cpu`, `wasm`, `webgl` and `webgpu`
 * backends is current when a method is called; on another one a method throws `UnsupportedError`.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` with a backend
 * @throws TypeError where `tf` is neither
 */
export function createSampler<T>(tf: TensorFlow<T>): TensorSampler<T> {
  assertNamespace(tf);
  // One cast: inside, the namespace has the types of the version that this package is built against.
  const backend = createBackend(tf as unknown as TfCore) as unknown as Backend<T>;
  return createSamplerOver(backend);
}
