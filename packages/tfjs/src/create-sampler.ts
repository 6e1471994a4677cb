// The sampler over TensorFlow.js tensors: checks arguments, then asks the current backend's kernels. Gradients are in
// differentiable.ts; nothing here computes a sample.
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  Sampler,
  SoftmaxOptions,
  TopKOptions,
  TopKResult,
} from "@gumbel/core";
import {
  ALL_CAPABILITIES,
  assertNoDegenerateRow,
  describe,
  type ResolvedLogits,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
  sizeOf,
} from "@gumbel/core/adapter";
import type { TensorContainer } from "@tensorflow/tfjs-core";
import { createDifferentiable } from "./differentiable.ts";
import { createKernelLookup } from "./kernel-lookup.ts";
import type { TensorFlow, TfCore, TfTensor } from "./tensorflow.ts";

/**
 * A {@link Sampler} over TensorFlow.js tensors that answers at once. Logits and cotangents may be of any numeric dtype
 * and are taken as float32. Like every TensorFlow.js operation, a method makes tensors that the caller (or `tf.tidy`)
 * disposes, and leaves its inputs alone. Errors of arguments are those of the sampling spec; a disposed or foreign
 * tensor, or complex or string ones, are refused by name.
 */
export interface TensorSampler<T> extends Sampler<T> {
  bits(...parameters: Parameters<Sampler<T>["bits"]>): T;
  gumbel(...parameters: Parameters<Sampler<T>["gumbel"]>): T;
  /** Differentiable in the logits; with `hard`, straight-through. A key that is left out is drawn now, once. */
  gumbelSoftmax(logits: T, options?: GumbelSoftmaxOptions): T;
  gumbelSoftmaxVjp(logits: T, cotangent: T, options: GumbelSoftmaxVjpOptions): T;
  /** Differentiable in the logits; with `hard`, straight-through. */
  softmax(logits: T, options?: SoftmaxOptions): T;
  softmaxVjp(logits: T, cotangent: T, options?: SoftmaxOptions): T;
  categorical(logits: T, options?: CategoricalOptions): T;
  /** The values are differentiable in the logits; the indices are not. */
  topK(logits: T, k: number, options?: TopKOptions): TopKResult<T>;
  dispose(): void;
}

/**
 * Creates a sampler for a TensorFlow.js namespace. It computes on whichever of the `cpu`, `wasm`, `webgl` and `webgpu`
 * backends is current when a method is called; on another one a method throws `UnsupportedError`.
 *
 * @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` with a backend
 */
export function createSampler<T>(tf: TensorFlow<T>): TensorSampler<T> {
  // One cast: inside, the namespace has the types of the version that this package is built against.
  return createTensorSampler(tf as unknown as TfCore) as unknown as TensorSampler<T>;
}

function createTensorSampler(tf: TfCore): TensorSampler<TfTensor> {
  let isDisposed = false;
  const kernelsOf = createKernelLookup(tf);
  const { softmax, softmaxVjp, topK } = createDifferentiable(tf, kernelsOf);
  const zeros = (shape: readonly number[], dtype: "float32" | "int32") => tf.zeros([...shape], dtype);

  /** One call: nothing but its results stays alive. */
  function scoped<Result extends TfTensor | TopKResult<TfTensor>>(compute: () => Result): Result {
    if (isDisposed) throw new Error("the sampler is disposed");
    return tf.tidy(() => compute() as Result & TensorContainer) as Result;
  }

  function assertTensor(value: TfTensor, argument: string): void {
    if (!(value instanceof tf.Tensor)) {
      throw new TypeError(`${argument} must be a tf.Tensor, got ${describe(value)}`);
    }
    if (value.isDisposed) throw new Error(`${argument} must be alive, got a disposed tensor`);
    if (value.dtype === "complex64" || value.dtype === "string") {
      throw new TypeError(`${argument} must be of dtype float32, int32 or bool, got ${value.dtype}`);
    }
  }

  function asFloats(value: TfTensor): TfTensor {
    return value.dtype === "float32" ? value : tf.cast(value, "float32");
  }

  /** Logits as float32, validated on request: the one place that reads a tensor back. */
  function logitsOf(logits: TfTensor, call: ResolvedLogits): TfTensor {
    const floats = asFloats(logits);
    if (call.validate) assertNoDegenerateRow(floats.dataSync(), call.rows);
    return floats;
  }

  return {
    get backend() {
      return `tfjs-${tf.getBackend()}`;
    },
    capabilities: ALL_CAPABILITIES,
    bits: (shape, options) =>
      scoped(() => {
        const noise = resolveNoise(shape, options);
        return sizeOf(shape) === 0 ? zeros(shape, "int32") : kernelsOf().bits(noise);
      }),
    gumbel: (shape, options) =>
      scoped(() => {
        const noise = resolveNoise(shape, options);
        return sizeOf(shape) === 0 ? zeros(shape, "float32") : kernelsOf().gumbel(noise);
      }),
    gumbelSoftmax: (logits, options) =>
      scoped(() => {
        assertTensor(logits, "logits");
        const call = resolveGumbelSoftmax(logits.shape, options);
        return softmax(logitsOf(logits, call), call, call.noise);
      }),
    gumbelSoftmaxVjp: (logits, cotangent, options) =>
      scoped(() => {
        assertTensor(logits, "logits");
        assertTensor(cotangent, "cotangent");
        const call = resolveGumbelSoftmaxVjp(logits.shape, cotangent.shape, options);
        return softmaxVjp(logitsOf(logits, call), asFloats(cotangent), call, call.noise);
      }),
    softmax: (logits, options) =>
      scoped(() => {
        assertTensor(logits, "logits");
        const call = resolveSoftmax(logits.shape, options);
        return softmax(logitsOf(logits, call), call);
      }),
    softmaxVjp: (logits, cotangent, options) =>
      scoped(() => {
        assertTensor(logits, "logits");
        assertTensor(cotangent, "cotangent");
        const call = resolveSoftmaxVjp(logits.shape, cotangent.shape, options);
        return softmaxVjp(logitsOf(logits, call), asFloats(cotangent), call);
      }),
    categorical: (logits, options) =>
      scoped(() => {
        assertTensor(logits, "logits");
        const call = resolveCategorical(logits.shape, options);
        const floats = logitsOf(logits, call);
        const isEmpty = sizeOf(call.outputShape) === 0;
        return isEmpty ? zeros(call.outputShape, "int32") : kernelsOf().categorical(floats, call);
      }),
    topK: (logits, k, options) =>
      scoped(() => {
        assertTensor(logits, "logits");
        const call = resolveTopK(logits.shape, k, options);
        return topK(logitsOf(logits, call), call);
      }),
    dispose() {
      isDisposed = true;
    },
  };
}
