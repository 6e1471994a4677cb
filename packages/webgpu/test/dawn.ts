// WebGPU in Node for the tests: Dawn over whatever Vulkan there is, by default Chromium's SwiftShader.
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, globals } from "webgpu";

/** Where distributions put the driver manifest of Chromium's software Vulkan. */
const SWIFTSHADER_MANIFESTS = ["/usr/lib/chromium", "/usr/lib64/chromium-browser", "/opt/google/chrome"].map(
  (folder) => join(folder, "vk_swiftshader_icd.json"),
);

function openGpu(): GPU {
  const manifest = SWIFTSHADER_MANIFESTS.find(existsSync);
  if (process.env.VK_ICD_FILENAMES === undefined && manifest !== undefined) {
    process.env.VK_ICD_FILENAMES = manifest;
  }
  if (process.env.XDG_RUNTIME_DIR === undefined) {
    process.env.XDG_RUNTIME_DIR = join(tmpdir(), "gumbel-xdg");
    mkdirSync(process.env.XDG_RUNTIME_DIR, { recursive: true, mode: 0o700 });
  }
  Object.assign(globalThis, globals);
  return create([]);
}

/** Dawn's entry. It must stay reachable as long as the process lives: Dawn crashes when it is collected. */
export const gpu: GPU = openGpu();

/** A device with the named features. Fails, never skips, where there is no adapter. */
export async function createDevice(requiredFeatures: GPUFeatureName[] = []): Promise<GPUDevice> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) {
    throw new Error("no WebGPU adapter: install Chromium (its SwiftShader serves) or set VK_ICD_FILENAMES");
  }
  return adapter.requestDevice({
    requiredFeatures,
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
  });
}
