// Codes drawn on a GPU without TensorFlow.js. Knows nothing of the model.
import type { Key, NdArray } from "@gumbel/core";
import { createSampler } from "@gumbel/webgpu";

/** The codes for logits [images, variables, classes]. */
export async function webgpuCodes(gpu: GPU, logits: NdArray<Float32Array>, key: Key): Promise<Int32Array> {
  const device = await (await gpu.requestAdapter())!.requestDevice();
  try {
    const sampler = await createSampler(device);
    const codes = await sampler.categorical(logits.data, { shape: logits.shape, key });
    sampler.dispose();
    return codes;
  } finally {
    device.destroy();
  }
}
