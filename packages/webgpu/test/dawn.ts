// WebGPU in Node for the tests: Dawn over whatever Vulkan there is, by default Chromium's SwiftShader.

import { disabledDawnFeatures, useSwiftshader } from "@gumbel-tools/chromium";
import { create, globals } from "webgpu";

function openGpu(): GPU {
  useSwiftshader();
  Object.assign(globalThis, globals);
  return create([`disable-dawn-features=${disabledDawnFeatures}`]);
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

/** The same device, that does not say it is a CPU: kernels and plans are those of hardware. */
export function asHardware(device: GPUDevice): GPUDevice {
  return described(device, { adapterInfo: {} });
}

/** The same device with other limits in its description. */
export function withLimits(device: GPUDevice, limits: Record<string, number>): GPUDevice {
  const names = [
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxStorageBuffersPerShaderStage",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupSizeX",
    "maxComputeWorkgroupsPerDimension",
    "minStorageBufferOffsetAlignment",
  ] as const;
  const own = Object.fromEntries(names.map((name) => [name, device.limits[name]]));
  return described(device, { limits: { ...own, ...limits } });
}

/** A device whose description differs. */
function described(device: GPUDevice, description: Readonly<Record<string, unknown>>): GPUDevice {
  return new Proxy(device, {
    get(target, name) {
      if (typeof name === "string" && Object.hasOwn(description, name)) return description[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
