// The kernels over a GPU: logits stay where they are, noise is drawn there, and nothing is read back. They have no filters.
import { UnsupportedError } from "@gumbel/core";
import type { ResolvedNoise, ResolvedSoftmax, RowLayout } from "@gumbel/core/adapter";
import type { TensorKernels } from "../backend.ts";
import { divergenceOf, entropyOf } from "../densities.ts";
import { logVjpOf } from "../log-vjp.ts";
import { relaxedLogProbOf } from "../relaxed-densities.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";
import { estimate } from "./estimate.ts";
import type { Gpu, TensorInfo } from "./gpu.ts";
import { categoricalOf } from "./kernels/categorical.ts";
import { conditionalGumbelOf } from "./kernels/conditional-gumbel.ts";
import { gumbelTopKOf } from "./kernels/gumbel-top-k.ts";
import { logProbOf } from "./kernels/log-prob.ts";
import { noiseOf, wordsOf } from "./kernels/noise.ts";
import { softmaxOf, softmaxVjpOf, softmaxVjpOfSample } from "./kernels/softmax.ts";
import { relaxedBernoulliLogProbOf, relaxedBernoulliOf } from "./kernels/toss.ts";
import { maximumOf, sampledRowsOf } from "./rows.ts";

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
  const softOf = (call: ResolvedSoftmax, logits: TfTensor, noise?: ResolvedNoise): TfTensor =>
    onInputs([logits], (x) => tensorOf(softmaxOf(gpu, x, call, noise), call.outputShape));
  const vjpOf = (call: ResolvedSoftmax, logits: TfTensor, cotangent: TfTensor, noise?: ResolvedNoise) =>
    call.log
      ? logVjpOf(tf, call, softOf(call, logits, noise), cotangent)
      : onInputs([logits, cotangent], (x, c) => tensorOf(softmaxVjpOf(gpu, x, c, call, noise), call.shape));
  const maximum = (values: TfTensor, layout: RowLayout): TfTensor =>
    onInputs([values], (x) =>
      tensorOf(maximumOf(gpu, x, sampledRowsOf(layout), layout), [
        layout.samples,
        layout.outer,
        1,
        layout.inner,
      ]),
    );
  const softmax: TensorKernels["softmax"] = (call, { logits }) => ({ y: softOf(call, logits) });
  const kernels: TensorKernels = {
    filters: [],
    perRow: false,
    bits: (noise) => ({ words: tensorOf(wordsOf(gpu, noise), noise.shape) }),
    gumbel: (noise) => ({ noise: tensorOf(noiseOf(gpu, noise), noise.shape) }),
    gumbelSoftmax: (call, { logits }) => ({ y: softOf(call, logits, call.noise) }),
    gumbelSoftmaxVjp(call, { logits, cotangent }) {
      const { estimator, noise } = call;
      if (estimator !== undefined && estimator.name !== "straight-through") {
        return { gradient: estimate(tf, { ...kernels, maximum }, call, logits, cotangent) };
      }
      const soft = estimator === undefined ? call : { ...call, temperature: estimator.temperature };
      return { gradient: vjpOf(soft, logits, cotangent, noise) };
    },
    softmax,
    softmaxVjp: (call, { logits, cotangent }) => ({ gradient: vjpOf(call, logits, cotangent) }),
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
    entropy: (call, { logits }) => ({ entropies: entropyOf(tf, { softmax }, call, logits) }),
    klDivergence: (call, { logits, otherLogits }) => ({
      divergences: divergenceOf(tf, { softmax }, call, logits, otherLogits),
    }),
    relaxedLogProb: (call, { logits, logSample }) => ({
      logProbs: relaxedLogProbOf(tf, { softmax }, call, logits, logSample),
    }),
    relaxedBernoulli: (call, { logits }) => ({
      y: onInputs([logits], (x) => tensorOf(relaxedBernoulliOf(gpu, x, call), call.outputShape)),
    }),
    relaxedBernoulliLogProb: (call, { logits, sampleLogits }) => ({
      logProbs: onInputs([logits, sampleLogits], (x, samples) =>
        tensorOf(relaxedBernoulliLogProbOf(gpu, x, samples, call), call.outputShape),
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
