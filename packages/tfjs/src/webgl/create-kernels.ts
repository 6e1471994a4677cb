// The kernels of the webgl backend.
import { createGpuKernels } from "../gpu/create-kernels.ts";
import type { SamplingKernels } from "../kernels.ts";
import type { TfCore } from "../tensorflow.ts";
import { createTypedArrayKernels } from "../typed-array/create-kernels.ts";
import { plainEngine } from "../typed-array/engine.ts";
import { createWebglBackend } from "./create-backend.ts";

/**
 * Creates the kernels. Words of `bits` are computed on the CPU and stay there until a webgl operation uses them: a float
 * texture would round them to 24 bits, and so does TensorFlow.js with every int32 tensor that it uploads.
 */
export function createWebglKernels(tf: TfCore): SamplingKernels {
  return {
    ...createGpuKernels(tf, createWebglBackend(tf)),
    bits: createTypedArrayKernels(tf, plainEngine).bits,
  };
}
