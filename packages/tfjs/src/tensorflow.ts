// What this package sees of TensorFlow.js. Types only: the namespace comes from the caller, because a second copy of
// TensorFlow.js would have an engine and tensors of its own.

/**
 * The TensorFlow.js namespace that {@link createSampler} works with: `@tensorflow/tfjs`, or `@tensorflow/tfjs-core`
 * with at least one backend. `T` is its `Tensor`.
 */
export interface TensorFlow<T = unknown> {
  readonly Tensor: abstract new (...parameters: never) => T;
  getBackend(): string;
}

/** The same namespace, as the inside of this package uses it. */
export type TfCore = typeof import("@tensorflow/tfjs-core");

/** A tensor of that namespace. */
export type TfTensor = import("@tensorflow/tfjs-core").Tensor;
