// Compiled with TypeScript of today, and by check-types with versions that know no WebGPU: a type that is missing must refuse
// values, not take all.
import { createSampler, type GpuTensor, type WebGpuSampler } from "@gumbel/webgpu";

// @ts-expect-error no device
export const sampler: Promise<WebGpuSampler> = createSampler({});

// @ts-expect-error no buffer
export const tensor: GpuTensor = { buffer: 1, shape: [1] };

// @ts-expect-error no float32 values
export const values: string = (await (await createSampler()).softmax({ data: [1], shape: [1] })).data[0];
