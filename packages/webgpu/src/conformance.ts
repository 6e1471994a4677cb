// The conformance target: a device, its sampler, and a count of the device's live buffers.
import type { ConformanceBackend, ConformanceTarget } from "@gumbel/core/conformance";
import { createSampler, type SamplerOptions } from "./create-sampler.ts";
import { requestDevice } from "./device/request-device.ts";
import type { GpuTensor } from "./tensor.ts";
import type { WebGpuDevice } from "./webgpu-types.ts";

/** Options of {@link webgpuTarget}. */
export interface TargetOptions extends SamplerOptions {
  /** Where devices come from; default `navigator.gpu`. Each is destroyed with its backend. */
  readonly requestDevice?: () => Promise<WebGpuDevice>;
}

/** Makes a conformance target. */
export function webgpuTarget({
  requestDevice: request = requestDevice,
  ...options
}: TargetOptions = {}): ConformanceTarget<GpuTensor> {
  return { create: async () => createBackend(await request(), options) };
}

/** The target on `navigator.gpu`, for pages and the command line. */
const target: ConformanceTarget<GpuTensor> = webgpuTarget();
export default target;

async function createBackend(
  device: GPUDevice,
  options: SamplerOptions,
): Promise<ConformanceBackend<GpuTensor>> {
  const live = countBuffers(device);
  const sampler = await createSampler(device, options);
  return {
    sampler,
    fromArray: (array) => sampler.upload(array),
    toArray: async (tensor) => ({ data: await sampler.read(tensor), shape: tensor.shape }),
    release: ({ buffer }) => buffer.destroy(),
    liveTensors: () => live.size,
    dispose() {
      sampler.dispose();
      device.destroy();
    },
  };
}

/** The buffers of a device that are not destroyed: also those that the sampler keeps to itself. */
function countBuffers(device: GPUDevice): ReadonlySet<GPUBuffer> {
  const live = new Set<GPUBuffer>();
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      destroy();
    };
    live.add(buffer);
    return buffer;
  };
  return live;
}
