// The main entry: the sampler over GPU buffers, and keys.
export {
  type CategoricalOptions,
  createKeyStream,
  DegenerateRowError,
  foldIn,
  type GumbelSoftmaxOptions,
  type GumbelSoftmaxVjpOptions,
  type Key,
  key,
  type NoiseOptions,
  nextKey,
  type Precision,
  type SoftmaxOptions,
  seed,
  split,
  type TopKOptions,
  type TopKResult,
  UnsupportedError,
} from "@gumbel/core";
export { createSampler, type SamplerOptions } from "./create-sampler.ts";
export { DeviceLostError, NoDeviceError } from "./device/errors.ts";
export { requestDevice } from "./device/request-device.ts";
export type { Encoded } from "./engine.ts";
export type {
  EncodeArguments,
  EncodeTarget,
  Gradient,
  GradientSource,
  LogitsSource,
  OutputTarget,
  SavedSampleOption,
  ShapeOption,
  TopK,
  Unary,
  WebGpuSampler,
} from "./sampler.ts";
export type { BufferSlice, ElementType, GpuTensor, HostArray, HostResult } from "./tensor.ts";
