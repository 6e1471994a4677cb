// The kernels over a GPU: logits stay where they are, noise is drawn there, and nothing is read back. They have no filters.
import { UnsupportedError } from "@gumbel/core";
import type { TensorKernels } from "../backend.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";
import { estimate } from "./estimate.ts";
import type { Gpu, TensorInfo } from "./gpu.ts";
import { categoricalOf } from "./kernels/categorical.ts";
import { conditionalGumbelOf } from "./kernels/conditional-gumbel.ts";
import { gumbelTopKOf } from "./kernels/gumbel-top-k.ts";
import { logProbOf } from "./kernels/log-prob.ts";
import { noiseOf, wordsOf } from "./kernels/noise.ts";
import { softmaxOf, softmaxVjpOf, softmaxVjpOfSample } from "./kernels/softmax.ts";

/** Creates the kernels for one GPU backend of a namespace. */
export function createGpuKernels(tf: TfCore, gpu: Gpu): TensorKernels {
  /** Hands a tensor over to the engine, which tracks and disposes it from now on. */
  const tensorOf = (info: TensorInfo, shape: readonly number[]): TfTensor =>
    tf.engine().makeTensorFromTensorInfo(gpu.reshape(info, shape));
  /** Runs a kernel on inputs as programs read them. */
  function onInputs<Result>(inputs: readonly TfTensor[], kernel: (...infos: TensorInfo[]) => Result): Result {
    const infos = inputs.map((tensor) => gpu.unpack(tensor as TensorInfo & TfTensor));
    const result = kernel(...infos);
    infos.forEach((info, i) => {
      if (info !== (inputs[i] as object)) gpu.dispose(info);
    });
    return result;
  }
  const kernels: TensorKernels = {
    filters: [],
    perRow: false,
    bits: (noise) => ({ words: tensorOf(wordsOf(gpu, noise), noise.shape) }),
    gumbel: (noise) => ({ noise: tensorOf(noiseOf(gpu, noise), noise.shape) }),
    gumbelSoftmax: (call, { logits }) => ({
      y: onInputs([logits], (x) => tensorOf(softmaxOf(gpu, x, call, call.noise), call.outputShape)),
    }),
    gumbelSoftmaxVjp(call, { logits, cotangent }) {
      const { estimator, noise, shape } = call;
      if (estimator !== undefined && estimator.name !== "straight-through") {
        return { gradient: estimate(tf, kernels, call, logits, cotangent) };
      }
      const soft = estimator === undefined ? call : { ...call, temperature: estimator.temperature };
      return {
        gradient: onInputs([logits, cotangent], (x, c) =>
          tensorOf(softmaxVjpOf(gpu, x, c, soft, noise), shape),
        ),
      };
    },
    softmax: (call, { logits }) => ({
      y: onInputs([logits], (x) => tensorOf(softmaxOf(gpu, x, call), call.outputShape)),
    }),
    softmaxVjp: (call, { logits, cotangent }) => ({
      gradient: onInputs([logits, cotangent], (x, c) => tensorOf(softmaxVjpOf(gpu, x, c, call), call.shape)),
    }),
    softmaxVjpOfSample: (call, sample, cotangent) =>
      onInputs([sample, cotangent], (y, c) => tensorOf(softmaxVjpOfSample(gpu, y, c, call), call.shape)),
    softmaxOfKept() {
      throw new UnsupportedError("a filter", `tfjs-${tf.getBackend()}`);
    },
    categorical: (call, { logits }) => ({
      indices: onInputs([logits], (x) => tensorOf(categoricalOf(gpu, x, call), call.outputShape)),
    }),
    logProb: (call, { logits, indices }) => ({
      logProbs: onInputs([logits, indices], (x, at) =>
        tensorOf(logProbOf(gpu, x, at, call), call.outputShape),
      ),
    }),
    conditionalGumbel: (call, { logits, indices }) => ({
      noise: onInputs([logits, indices], (x, at) =>
        tensorOf(conditionalGumbelOf(gpu, x, at, call), call.outputShape),
      ),
    }),
    gumbelTopK: (call, { logits }) =>
      onInputs([logits], (x) => {
        const { values, indices } = gumbelTopKOf(gpu, x, call);
        return {
          values: tensorOf(values, call.outputShape),
          indices: tensorOf(indices, call.outputShape),
        };
      }),
  };
  return kernels;
}
