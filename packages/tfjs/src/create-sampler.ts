// The sampler over TensorFlow.js tensors: core's face over the backend of a namespace.
import type { GumbelSoftmaxOptions, GumbelTopKOptions, Sampler, SoftmaxOptions } from "@gumbel/core";
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
// The last of several signatures is the one that inference of T sees: that of the sampler.
export type TensorSampler<T> = RankedMethods<T> & Sampler<T, "sync">;

/** A type of tensors without what a variable has beside: no result is a variable. */
type Ranked<T, L extends T> = L extends { assign(value: never): unknown } ? T : L;

/** The operations whose results have the rank of their logits, which their types keep: a `Tensor2D` gives a `Tensor2D`. */
export interface RankedMethods<T> {
  /**
   * A sample of the Gumbel-softmax (concrete) distribution, `softmax((logits + g)/temperature)` along the axis; with `hard`,
   * the exact one-hot of `argmax(logits + g)`; with `log`, the logarithm of the soft sample. Differentiable: where hard
   * straight-through, or as the `estimator` has it.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @returns samples of the logits' shape, or `[...sampleShape, ...logits.shape]`; NaN in a degenerate row
   * @throws RangeError or TypeError for a bad option, for an estimator without `hard`, and for `log` with it
   * @example sampler.gumbelSoftmax(logits, { key: key(42), temperature: 0.5, hard: true })
   */
  gumbelSoftmax<L extends T>(
    logits: L,
    options?: GumbelSoftmaxOptions & { readonly sampleShape?: null | undefined },
  ): Ranked<T, L>;
  /**
   * `softmax(logits/temperature)` along the axis, without noise; with `hard` the one-hot of the mode, which is *not a sample*.
   * Differentiable, straight-through where hard.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @returns probabilities of the logits' shape; NaN in a degenerate row
   * @throws RangeError or TypeError for a bad axis, temperature, hard or log
   * @example sampler.softmax(logits, { temperature: 0.5 })
   */
  softmax<L extends T>(logits: L, options?: SoftmaxOptions): Ranked<T, L>;
  /**
   * k categories of each row without replacement (Gumbel-top-k), in the order of drawing, and their perturbed logits.
   * The values are differentiable.
   *
   * @param logits unnormalised log-probabilities; −∞ masks a category
   * @param k how many, an integer in [0, n], n being the length of the axis
   * @returns tensors of the logits' shape with k at the axis; −∞ and −1 where masks leave fewer than k, NaN and −1 in a degenerate row
   * @throws RangeError or TypeError for a bad k, axis, temperature, key, precision, offset or rowStride
   * @example const { values, indices } = sampler.gumbelTopK(logits, 2, { key: key(42) })
   */
  gumbelTopK<L extends T>(
    logits: L,
    k: number,
    options?: GumbelTopKOptions,
  ): { readonly values: Ranked<T, L>; readonly indices: Ranked<T, L> };
}

/**
 * Creates a sampler for a TensorFlow.js namespace. It computes on whichever of the `cpu`, `wasm`, `webgl` and `webgpu`
 * backends is current when a method is called; on another one a method throws `UnsupportedError`.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` with a backend
 * @throws TypeError where `tf` is neither
 * @example const y = createSampler(tf).gumbelSoftmax(logits, { key: key(42), hard: true })
 */
export function createSampler<T>(tf: TensorFlow<T>): TensorSampler<T> {
  assertNamespace(tf);
  // Inside, the namespace has the types of the version that this package is built against.
  const backend = createBackend(tf as unknown as TfCore) as unknown as Backend<T>;
  // The face does not know that results keep the rank of their logits, which only the types of TensorFlow.js say.
  return createSamplerOver(backend) as TensorSampler<T>;
}
