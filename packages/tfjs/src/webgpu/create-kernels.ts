// The kernels of the webgpu backend.
import { createGpuKernels } from "../gpu/create-kernels.ts";
import type { SamplingKernels } from "../kernels.ts";
import type { TfCore } from "../tensorflow.ts";
import { createWebgpuBackend } from "./create-backend.ts";

/** Creates the kernels. */
export function createWebgpuKernels(tf: TfCore): SamplingKernels {
  return createGpuKernels(tf, createWebgpuBackend(tf));
}
