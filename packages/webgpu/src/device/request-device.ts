// A device for callers that have none.
import type { WebGpu, WebGpuDevice } from "../webgpu-types.ts";
import { NoDeviceError } from "./errors.ts";

/** Features that kernels use where an adapter has them. */
const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ["subgroups"];

/** Limits that matter for large tensors: as high as the adapter has them. */
const HIGH_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
] as const;

/**
 * Requests a high-performance device with the adapter's limits for large buffers.
 *
 * @param gpu default `navigator.gpu`
 * @throws NoDeviceError saying what is missing
 */
export async function requestDevice(
  gpu: WebGpu | undefined = (globalThis.navigator as Navigator | undefined)?.gpu,
): Promise<WebGpuDevice> {
  if (gpu === undefined) {
    throw new NoDeviceError(
      "there is no WebGPU here (navigator.gpu is undefined): in a browser it needs https or localhost and a recent " +
        "version; in Node, create a device with the webgpu package and pass it to createSampler",
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new NoDeviceError(
      "WebGPU found no adapter: the GPU or its driver is not supported, or switched off in the browser's settings",
    );
  }
  try {
    return await adapter.requestDevice({
      label: "gumbel",
      requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(HIGH_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    });
  } catch (cause) {
    throw new NoDeviceError(`the WebGPU adapter gave no device: ${(cause as Error).message}`, { cause });
  }
}
