// Kernels for the backends whose data live in typed arrays or beside them (cpu, wasm): reading them copies nothing or
// little, and whole operations in JavaScript beat a chain of TensorFlow.js ones.
import type { SamplingKernels } from "../kernels.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";
import { categoricalOf } from "./categorical.ts";
import { blocksOf, gumbelOfWord } from "./noise.ts";
import { softmaxOf, softmaxVjpOf, softmaxVjpOfSample } from "./softmax.ts";
import { topKOf } from "./top-k.ts";

/** Creates the kernels; they may serve every CPU backend of the namespace. */
export function createTypedArrayKernels(tf: TfCore): SamplingKernels {
  const floats = (data: Float32Array, shape: readonly number[]) => tf.tensor(data, [...shape], "float32");
  const integers = (data: Int32Array, shape: readonly number[]) => tf.tensor(data, [...shape], "int32");
  return {
    bits: (noise) => integers(blocksOf(noise).words, noise.shape),
    gumbel(noise) {
      const { words, lows } = blocksOf(noise);
      const g = new Float32Array(words.length);
      for (let i = 0; i < g.length; i++) g[i] = gumbelOfWord(words[i], lows[i], noise.precision);
      return floats(g, noise.shape);
    },
    softmax: (logits, call, noise) => floats(softmaxOf(read(logits), call, noise), call.outputShape),
    softmaxVjp: (logits, cotangent, call, noise) =>
      floats(softmaxVjpOf(read(logits), read(cotangent), call, noise), logits.shape),
    softmaxVjpOfSample: (y, cotangent, call, shape) =>
      floats(softmaxVjpOfSample(read(y), read(cotangent), call), shape),
    categorical: (logits, call) => integers(categoricalOf(read(logits), call), call.outputShape),
    topK(logits, call) {
      const { values, indices } = topKOf(read(logits), call);
      return { values: floats(values, call.outputShape), indices: integers(indices, call.outputShape) };
    },
  };
}

/** The cpu backend hands out its own array: it must only be read. */
function read(tensor: TfTensor): Float32Array {
  return tensor.dataSync<"float32">();
}
