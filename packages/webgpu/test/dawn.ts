// WebGPU in Node for the tests: Dawn over whatever Vulkan there is, by default Chromium's SwiftShader.

import { useSwiftshader } from "@gumbel-tools/chromium";
import { create, globals } from "webgpu";

function openGpu(): GPU {
  useSwiftshader();
  Object.assign(globalThis, globals);
  return create([]);
}

/** Dawn's entry. It must stay reachable as long as the process lives: Dawn crashes when it is collected. */
const gpu: GPU = openGpu();

/** A device with the named features and the adapter's limits for buffers. Fails, never skips, where there is none. */
export async function createDevice(
  requiredFeatures: GPUFeatureName[] = [],
  limits: Record<string, number> = {},
): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new Error("no WebGPU adapter: install Chromium (its SwiftShader serves) or set VK_ICD_FILENAMES");
  }
  return adapter.requestDevice({
    requiredFeatures,
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
      ...limits,
    },
  });
}
