// Codes drawn on a GPU through Dawn, WebGPU for Node. Knows nothing of the model.
import { tmpdir } from "node:os";
import type { Key, NdArray } from "@gumbel/core";
import { createSampler } from "@gumbel/webgpu";

/** Dawn's entry. It must stay reachable as long as the process lives: Dawn crashes when it is collected. */
let gpu: GPU | undefined;

/** The codes for logits [images, variables, classes], or a sentence that says why there are none here. */
export async function webgpuCodes(logits: NdArray<Float32Array>, key: Key): Promise<Int32Array | string> {
  try {
    // Loaded late: Dawn has no binary for some platforms, and the rest of the job does not need it.
    const { create, globals } = await import("webgpu");
    Object.assign(globalThis, globals);
    // Vulkan's loader complains on the terminal where there is none.
    process.env.XDG_RUNTIME_DIR ??= tmpdir();
    gpu ??= create([]);
  } catch (error) {
    return `Dawn does not load: ${(error as Error).message}`;
  }
  const device = await (await gpu.requestAdapter())?.requestDevice();
  if (device === undefined) return "no GPU with a Vulkan, Metal or Direct3D 12 driver";
  try {
    const sampler = await createSampler(device);
    const codes = await sampler.categorical(logits.data, { shape: logits.shape, key });
    sampler.dispose();
    return codes;
  } finally {
    device.destroy();
  }
}
