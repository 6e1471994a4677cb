// The kernels over a GPU backend: logits stay where they are, noise is made there, and nothing is read back.
import { type ResolvedNoise, sizeOf } from "@gumbel/core/adapter";
import type { SamplingKernels } from "../kernels.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";
import type { GpuBackend, TensorInfo } from "./gpu-backend.ts";
import { winnersOf } from "./rows.ts";
import { softmaxOf, softmaxVjpOf, softmaxVjpOfSample } from "./softmax.ts";
import { topKOf } from "./top-k.ts";
import { noiseUniforms } from "./uniforms.ts";

/** Creates the kernels for one GPU backend of a namespace. */
export function createGpuKernels(tf: TfCore, gpu: GpuBackend): SamplingKernels {
  /** Hands a tensor over to the engine, which tracks and disposes it from now on. */
  const tensorOf = (info: TensorInfo, shape: readonly number[]): TfTensor =>
    tf.engine().makeTensorFromTensorInfo(gpu.reshape(info, shape));
  const infoOf = (tensor: TfTensor): TensorInfo => tensor as TensorInfo & TfTensor;
  const noiseOf = (program: "bits" | "noise", noise: ResolvedNoise): TfTensor => {
    const info = gpu.run(program, noise.precision, [], sizeOf(noise.shape), noiseUniforms(noise));
    return tensorOf(info, noise.shape);
  };
  return {
    bits: (noise) => noiseOf("bits", { ...noise, precision: "full" }),
    gumbel: (noise) => noiseOf("noise", noise),
    softmax: (logits, call, noise) => tensorOf(softmaxOf(gpu, infoOf(logits), call, noise), call.outputShape),
    softmaxVjp: (logits, cotangent, call, noise) =>
      tensorOf(softmaxVjpOf(gpu, infoOf(logits), infoOf(cotangent), call, noise), logits.shape),
    softmaxVjpOfSample: (y, cotangent, call, shape) =>
      tensorOf(softmaxVjpOfSample(gpu, infoOf(y), infoOf(cotangent), call), shape),
    categorical: (logits, { rows, noise, outputShape }) =>
      tensorOf(winnersOf(gpu, { logits: infoOf(logits), rows, noise }), outputShape),
    topK(logits, call) {
      const { values, indices } = topKOf(gpu, infoOf(logits), call);
      return {
        values: tensorOf(values, call.outputShape),
        indices: tensorOf(indices, call.outputShape),
      };
    },
  };
}
