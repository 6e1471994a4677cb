// Makes the sampler: core's face over the backend, and what only this host has.
import {
  assertBoolean,
  assertNdArray,
  createSamplerOver,
  describe,
  isTypedArray,
  readOptions,
} from "@gumbel/core/adapter";
import { createBackend } from "./backend.ts";
import { createGpuSession } from "./device/gpu-session.ts";
import { requestDevice } from "./device/request-device.ts";
import { createEncoder } from "./encode.ts";
import type { WebGpuMembers, WebGpuSampler } from "./sampler.ts";
import { uploadable } from "./tensor.ts";
import type { WebGpuDevice } from "./webgpu-types.ts";

/** Options of {@link createSampler}. */
export interface SamplerOptions {
  /** Whether to use the device's `subgroups` feature where it has it. Default true. */
  readonly subgroups?: boolean | null | undefined;
}

/**
 * Creates a sampler on a device.
 *
 * @param device the caller's device, which is never destroyed here; when left out, one is requested from `navigator.gpu`
 * @throws NoDeviceError when a device is asked for and there is none, saying why; TypeError for what is no device, or a wrong option
 * @example const sampler = await createSampler() // or createSampler(device)
 */
export async function createSampler(
  device?: WebGpuDevice,
  options?: SamplerOptions | null,
): Promise<WebGpuSampler> {
  if (device !== undefined) assertDevice(device);
  const { subgroups = true } = readOptions("createSampler", options ?? {}, ["subgroups"]);
  assertBoolean(subgroups, "subgroups");
  const used = device ?? (await requestDevice());
  const session = await createGpuSession(used, subgroups);
  const backend = createBackend(session, () => {
    session.dispose();
    if (device === undefined) used.destroy();
  });
  const members: Omit<WebGpuMembers, "dispose"> = {
    device: used,
    upload(array) {
      const host = isTypedArray(array, "Float32Array") ? { data: array, shape: [array.length] } : array;
      assertNdArray(host, "array", true);
      const { data, shape } = host;
      const isInt32 = isTypedArray(data, "Int32Array");
      const { values, type } = uploadable(data, isInt32 ? "int32" : "float32");
      return { buffer: session.upload("array", values), shape: [...shape], type };
    },
    read: (tensor) => session.read(tensor),
  };
  const sampler = createSamplerOver(backend);
  // Methods take both kinds of tensors and return the kind that came in, which only overloads can say.
  return Object.assign(sampler, members, createEncoder(session)) as unknown as WebGpuSampler;
}

function assertDevice(device: unknown): void {
  const { createComputePipelineAsync, requestDevice } = (device ?? {}) as Partial<GPUDevice & GPUAdapter>;
  if (typeof createComputePipelineAsync === "function") return;
  const hint = typeof requestDevice === "function" ? ", an adapter: call its requestDevice() first" : "";
  throw new TypeError(`device must be a GPUDevice, got ${describe(device)}${hint}`);
}
