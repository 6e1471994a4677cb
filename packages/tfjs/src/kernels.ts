// What each TensorFlow.js backend must compute: whole operations on float32 tensors with checked arguments. Which
// backend is current is asked at each call, because a program may switch.
import { type TopKResult, UnsupportedError } from "@gumbel/core";
import type { ResolvedCategorical, ResolvedNoise, ResolvedSoftmax, ResolvedTopK } from "@gumbel/core/adapter";
import type { TfCore, TfTensor } from "./tensorflow.ts";
import { createTypedArrayKernels } from "./typed-array/create-kernels.ts";
import { createWebglKernels } from "./webgl/create-kernels.ts";
import { createWebgpuKernels } from "./webgpu/create-kernels.ts";

/**
 * The operations where the data live. Logits, cotangents and samples are float32 tensors of the call's shapes, neither
 * they nor the results are empty, and none of them may be changed or disposed. Results are fresh tensors, tracked by
 * the current `tf.tidy` scope; nothing else stays alive, inside a scope or outside one. No gradient is recorded.
 */
export interface SamplingKernels {
  /** Words of the noise's blocks, int32. */
  bits(noise: ResolvedNoise): TfTensor;
  /** Gumbel noise, float32. */
  gumbel(noise: ResolvedNoise): TfTensor;
  /** `softmax((logits + g)/temperature)`, or its exact one-hot; without noise the plain softmax. Float32. */
  softmax(logits: TfTensor, call: ResolvedSoftmax, noise?: ResolvedNoise): TfTensor;
  /** `y∘(c − Σ c∘y)/temperature` of the soft sample `y`, summed over the samples: of the logits' shape. Float32. */
  softmaxVjp(logits: TfTensor, cotangent: TfTensor, call: ResolvedSoftmax, noise?: ResolvedNoise): TfTensor;
  /**
   * The same from a soft sample that was kept; `y` is NaN throughout a degenerate row.
   * @param shape the logits'
   */
  softmaxVjpOfSample(
    y: TfTensor,
    cotangent: TfTensor,
    call: ResolvedSoftmax,
    shape: readonly number[],
  ): TfTensor;
  /** `argmax(logits + g)`, int32; −1 in a degenerate row. */
  categorical(logits: TfTensor, call: ResolvedCategorical): TfTensor;
  /** The `k` largest perturbed logits and their categories, float32 and int32. */
  topK(logits: TfTensor, call: ResolvedTopK): TopKResult<TfTensor>;
}

/** Kernels by the name under which a backend is registered with TensorFlow.js. */
const KERNELS: Readonly<Record<string, (tf: TfCore) => SamplingKernels>> = {
  cpu: createTypedArrayKernels,
  wasm: createTypedArrayKernels,
  webgl: createWebglKernels,
  webgpu: createWebgpuKernels,
};

/** Looks kernels up by the current backend and keeps those that were made. */
export function createKernelLookup(tf: TfCore): () => SamplingKernels {
  const made = new Map<string, SamplingKernels>();
  return () => {
    // Creates the default backend when this is a program's first operation, or says to await tf.ready().
    tf.backend();
    const backend = tf.getBackend();
    const kernels = made.get(backend) ?? KERNELS[backend]?.(tf);
    if (kernels === undefined)
      throw new UnsupportedError("sampling", `the TensorFlow.js backend "${backend}"`);
    made.set(backend, kernels);
    return kernels;
  };
}
