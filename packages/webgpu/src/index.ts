// The main entry: the sampler over GPU buffers, and what every adapter exports.
export * from "@gumbel/core/shared";
export { createSampler, type SamplerOptions } from "./create-sampler.ts";
export { DeviceLostError, NoDeviceError } from "./device/errors.ts";
export { requestDevice } from "./device/request-device.ts";
export type { Encoded, EncodedCall, EncodedInput, EncodedOutput, Encoder, EncodeTarget } from "./encode.ts";
export type { GpuMethods, HostMethods, WebGpuMembers, WebGpuSampler } from "./sampler.ts";
export type {
  BufferSlice,
  ElementType,
  GpuTensor,
  HostResult,
  HostResults,
  HostTensor,
} from "./tensor.ts";
export type {
  WebGpu,
  WebGpuBuffer,
  WebGpuDevice,
  WebGpuEncoder,
  WebGpuTypesMissing,
} from "./webgpu-types.ts";
