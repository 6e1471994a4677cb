// The sampler as callers see it: types alone.
import type { Methods } from "@gumbel/core/adapter";
import type { Sampler } from "@gumbel/core/shared";
import type { Encoder } from "./encode.ts";
import type { GpuTensor, HostResult, HostResults, HostTensor } from "./tensor.ts";
import type { WebGpuDevice } from "./webgpu-types.ts";

/** The operations over arrays: uploaded, computed, and read back. */
export type HostMethods = Omit<Methods<HostTensor | Float32Array, "async", HostResults>, "bits" | "gumbel">;

/** The operations over tensors in buffers. */
export type GpuMethods = Sampler<GpuTensor, "async">;

/**
 * Sampling on one GPU device. Every operation has three forms: over tensors in buffers, which stay on the GPU; over
 * arrays, which are uploaded and read back; and encoded into the caller's own commands.
 *
 * Promises of the first form resolve when WebGPU has accepted the work, not when it is done: the queue orders what
 * follows. Results belong to the caller, who destroys their buffers.
 */
// The last of several signatures is the one that inference sees: that of the tensors.
export type WebGpuSampler = WebGpuMembers & HostMethods & GpuMethods & Encoder;

/** What the sampler has beside the operations. */
export interface WebGpuMembers {
  /** The device that it samples on. */
  readonly device: WebGpuDevice;
  /**
   * Uploads an array to a new buffer, which the caller owns: as float32, an `Int32Array` as int32, and a `Uint16Array` as
   * the bits of float16.
   *
   * @throws TypeError for what is no array, RangeError where data and shape do not fit or the device cannot hold them
   * @example const logits = sampler.upload({ data: Float32Array.of(2, 1, 0.5), shape: [1, 3] })
   */
  upload(array: HostTensor | Float32Array): GpuTensor;
  /**
   * Reads a tensor back; its buffer needs usage `COPY_SRC`, which results have.
   *
   * @returns rejects with TypeError or RangeError for what is no tensor of the device, and for a buffer that is too small
   * @example const [index] = await sampler.read(await sampler.categorical(logits, { key: key(42) }))
   */
  read(tensor: GpuTensor): Promise<HostResult>;
  /**
   * Releases pipelines and temporary buffers, and the device where `createSampler` made it. Results and the caller's own
   * device stay. Later calls throw.
   */
  dispose(): void;
}
