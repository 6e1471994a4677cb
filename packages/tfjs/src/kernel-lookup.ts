// Which kernels compute: those of the current backend, asked at each call, because a program may switch.
import { UnsupportedError } from "@gumbel/core";
import type { SamplingKernels } from "./kernels.ts";
import type { TfCore } from "./tensorflow.ts";
import { createTypedArrayKernels } from "./typed-array/create-kernels.ts";
import { plainEngine, type SamplingEngine } from "./typed-array/engine.ts";
import { createWebglKernels } from "./webgl/create-kernels.ts";
import { createWebgpuKernels } from "./webgpu/create-kernels.ts";

/** Kernels by the name under which a backend is registered with TensorFlow.js. */
const KERNELS: Readonly<Record<string, (tf: TfCore, engine: SamplingEngine) => SamplingKernels>> = {
  cpu: createTypedArrayKernels,
  wasm: createTypedArrayKernels,
  webgl: createWebglKernels,
  webgpu: createWebgpuKernels,
};

/**
 * Looks kernels up by the current backend and keeps those that were made.
 *
 * @param engine of the cpu and wasm backends
 */
export function createKernelLookup(tf: TfCore, engine: SamplingEngine = plainEngine): () => SamplingKernels {
  const made = new Map<string, SamplingKernels>();
  return () => {
    // Creates the default backend when this is a program's first operation, or says to await tf.ready().
    tf.backend();
    const backend = tf.getBackend();
    const kernels = made.get(backend) ?? KERNELS[backend]?.(tf, engine);
    if (kernels === undefined)
      throw new UnsupportedError("sampling", `the TensorFlow.js backend "${backend}"`);
    made.set(backend, kernels);
    return kernels;
  };
}
