// Kernels for the backends whose data live in typed arrays or beside them (cpu, wasm): reading them copies nothing or
// little, and whole operations at a time beat a chain of TensorFlow.js ones.
import type { SamplingKernels } from "../kernels.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";
import type { SamplingEngine } from "./engine.ts";

/** Creates the kernels; they may serve every CPU backend of the namespace. */
export function createTypedArrayKernels(tf: TfCore, engine: SamplingEngine): SamplingKernels {
  const floats = (data: Float32Array, shape: readonly number[]) => tf.tensor(data, [...shape], "float32");
  const integers = (data: Int32Array, shape: readonly number[]) => tf.tensor(data, [...shape], "int32");
  return {
    bits(noise) {
      const { buffer, byteOffset, length } = engine.bits(noise);
      return integers(new Int32Array(buffer, byteOffset, length), noise.shape);
    },
    gumbel: (noise) => floats(engine.gumbel(noise), noise.shape),
    softmax: (logits, call, noise) => floats(engine.softmax(read(logits), call, noise), call.outputShape),
    softmaxVjp: (logits, cotangent, call, noise) =>
      floats(engine.softmaxVjp(read(logits), read(cotangent), call, noise), logits.shape),
    softmaxVjpOfSample: (y, cotangent, call, shape) =>
      floats(engine.softmaxVjpOfSample(read(y), read(cotangent), call), shape),
    categorical: (logits, call) => integers(engine.categorical(read(logits), call), call.outputShape),
    topK(logits, call) {
      const { values, indices } = engine.topK(read(logits), call);
      return { values: floats(values, call.outputShape), indices: integers(indices, call.outputShape) };
    },
  };
}

/** The cpu backend hands out its own array: it must only be read. */
function read(tensor: TfTensor): Float32Array {
  return tensor.dataSync<"float32">();
}
