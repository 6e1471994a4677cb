// WebGPU's types as published types name them: those of TypeScript 6's library or of @webgpu/types, and where there are
// neither one that nothing fits. A bare name would be `any` there.

/** Stands for a type of WebGPU where TypeScript knows none. */
export interface WebGpuTypesMissing {
  readonly 'use TypeScript 6, or add @webgpu/types to the "types" of compilerOptions': never;
}

/** The global class of a name, as far as TypeScript knows it. */
type Global<Name extends string> = typeof globalThis extends { [N in Name]: { prototype: infer Instance } }
  ? Instance
  : WebGpuTypesMissing;

/** `GPU`, the type of `navigator.gpu`. */
export type WebGpu = Global<"GPU">;

/** `GPUDevice`. */
export type WebGpuDevice = Global<"GPUDevice">;

/** `GPUBuffer`. */
export type WebGpuBuffer = Global<"GPUBuffer">;

/** `GPUCommandEncoder` or `GPUComputePassEncoder`. */
export type WebGpuEncoder = Global<"GPUCommandEncoder"> | Global<"GPUComputePassEncoder">;
