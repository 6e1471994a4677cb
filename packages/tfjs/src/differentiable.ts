// Gradients: wraps the kernels so that tf.grad and the optimizers see the analytic vector-Jacobian products. A second
// order is refused, because the kernels are opaque to TensorFlow.js and would silently leave terms out.
import { type TopKResult, UnsupportedError } from "@gumbel/core";
import { type ResolvedNoise, type ResolvedSoftmax, type ResolvedTopK, sizeOf } from "@gumbel/core/adapter";
import type { SamplingKernels } from "./kernels.ts";
import type { TfCore, TfTensor } from "./tensorflow.ts";

/** Operations of {@link SamplingKernels} that record their gradient, on tensors that may be empty. */
export interface DifferentiableOperations {
  softmax(logits: TfTensor, call: ResolvedSoftmax, noise?: ResolvedNoise): TfTensor;
  softmaxVjp(logits: TfTensor, cotangent: TfTensor, call: ResolvedSoftmax, noise?: ResolvedNoise): TfTensor;
  topK(logits: TfTensor, call: ResolvedTopK): TopKResult<TfTensor>;
}

/** Creates the operations over kernels that are looked up at each call, forward and backward. */
export function createDifferentiable(tf: TfCore, kernelsOf: () => SamplingKernels): DifferentiableOperations {
  function softmax(logits: TfTensor, call: ResolvedSoftmax, noise?: ResolvedNoise): TfTensor {
    return withGradient([logits], (save) => {
      const isEmpty = sizeOf(call.outputShape) === 0;
      const y = isEmpty ? tf.zeros([...call.outputShape]) : kernelsOf().softmax(logits, call, noise);
      // A soft sample is all that its gradient needs; a hard one makes its soft sample again from the logits.
      save(call.hard ? logits : y);
      const gradient = (cotangent: TfTensor, saved: TfTensor): TfTensor =>
        call.hard
          ? softmaxVjp(saved, cotangent, call, noise)
          : softmaxVjpOfSample(saved, cotangent, call, logits.shape);
      return { value: y, gradient };
    });
  }

  function softmaxVjp(
    logits: TfTensor,
    cotangent: TfTensor,
    call: ResolvedSoftmax,
    noise?: ResolvedNoise,
  ): TfTensor {
    return firstOrder([logits, cotangent], () =>
      cotangent.size === 0 ? tf.zeros(logits.shape) : kernelsOf().softmaxVjp(logits, cotangent, call, noise),
    );
  }

  function softmaxVjpOfSample(
    y: TfTensor,
    cotangent: TfTensor,
    call: ResolvedSoftmax,
    shape: number[],
  ): TfTensor {
    return firstOrder([y, cotangent], () =>
      y.size === 0 ? tf.zeros(shape) : kernelsOf().softmaxVjpOfSample(y, cotangent, call, shape),
    );
  }

  /** The gradient of a value goes to the category that holds it. */
  function topK(logits: TfTensor, call: ResolvedTopK): TopKResult<TfTensor> {
    const isEmpty = sizeOf(call.outputShape) === 0;
    const { values, indices } = isEmpty
      ? { values: tf.zeros([...call.outputShape]), indices: tf.zeros([...call.outputShape], "int32") }
      : kernelsOf().topK(logits, call);
    const { outer, classes, inner } = call.rows;
    const recorded = withGradient([logits], (save) => {
      save(indices);
      const gradient = (cotangent: TfTensor, saved: TfTensor): TfTensor => {
        // In four dimensions whatever the rank: TensorFlow.js's own operations are wrong beyond six on some backends.
        const places = [outer, call.k, 1, inner];
        const categories = tf.reshape(tf.range(0, classes, 1, "int32"), [classes, 1]);
        const isHolder = tf.cast(tf.equal(tf.reshape(saved, places), categories), "float32");
        const held = tf.sum(tf.mul(isHolder, tf.reshape(cotangent, places)), 1);
        return tf.reshape(held, logits.shape);
      };
      return { value: tf.clone(values), gradient };
    });
    return { values: recorded, indices };
  }

  /** A result whose own gradient is refused. */
  function firstOrder(inputs: TfTensor[], compute: () => TfTensor): TfTensor {
    return withGradient(inputs, () => ({
      value: compute(),
      gradient: () => {
        throw new UnsupportedError("a second-order gradient", "@gumbel/tfjs");
      },
    }));
  }

  /** `tf.customGrad` with one tensor saved. What `compute` leaves behind is disposed by TensorFlow.js. */
  function withGradient(
    inputs: TfTensor[],
    compute: (save: (tensor: TfTensor) => void) => {
      value: TfTensor;
      gradient: (cotangent: TfTensor, saved: TfTensor) => TfTensor;
    },
  ): TfTensor {
    const operation = tf.customGrad((...parameters) => {
      const save = parameters.at(-1) as (tensors: TfTensor[]) => void;
      const { value, gradient } = compute((tensor) => save([tensor]));
      return { value, gradFunc: (cotangent, [saved]) => gradient(cotangent, saved) };
    });
    return operation(...inputs);
  }

  return { softmax, softmaxVjp, topK };
}
