// Codes drawn on a GPU without TensorFlow.js.
import type { Key, NdArray } from "@gumbel/core";
import { createSampler } from "@gumbel/webgpu";

/** The codes for logits [images, variables, categories]. */
export async function webgpuCodes(gpu: GPU, logits: NdArray<Float32Array>, key: Key): Promise<Int32Array> {
  const device = await (await gpu.requestAdapter())!.requestDevice();
  try {
    const sampler = await createSampler(device);
    const { data } = await sampler.categorical(logits, { key });
    sampler.dispose();
    return data;
  } finally {
    device.destroy();
  }
}
