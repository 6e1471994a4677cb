// What this package sees of TensorFlow.js. The namespace comes from the caller, because a second copy of TensorFlow.js
// would have an engine and tensors of its own: nothing of it is imported but types.
import { describe } from "@gumbel/core/adapter";

/**
 * The TensorFlow.js namespace that {@link createSampler} works with: `@tensorflow/tfjs`, or `@tensorflow/tfjs-core`
 * with at least one backend. `T` is its `Tensor`.
 */
export interface TensorFlow<T = unknown> {
  /** Class of its tensors. */
  readonly Tensor: abstract new (
    ...parameters: never
  ) => T;
  /** Name of the backend that runs, such as `webgl`. */
  getBackend(): string;
}

/** The same namespace, as the inside of this package uses it: what tf-names.ts names. */
export type TfCore = typeof import("./tf-names.ts");

/** A tensor of that namespace. */
export type TfTensor = import("@tensorflow/tfjs-core").Tensor;

/** @throws TypeError where a value is not a TensorFlow.js namespace: a module's default import, say, or nothing */
export function assertNamespace(value: unknown): asserts value is TensorFlow {
  const { Tensor, getBackend } = (value ?? {}) as Partial<TensorFlow>;
  if (typeof Tensor === "function" && typeof getBackend === "function") return;
  throw new TypeError(
    `tf must be the namespace of @tensorflow/tfjs or @tensorflow/tfjs-core, got ${describe(value)}`,
  );
}
