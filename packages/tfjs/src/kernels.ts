// What each TensorFlow.js backend must compute: whole operations on float32 tensors with checked arguments.
import type { TopKResult } from "@gumbel/core";
import type { ResolvedCategorical, ResolvedNoise, ResolvedSoftmax, ResolvedTopK } from "@gumbel/core/adapter";
import type { TfTensor } from "./tensorflow.ts";

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
