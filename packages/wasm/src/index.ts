// The public API of @gumbel/wasm.
export * from "@gumbel/core/shared";
export type { Values, WasmResults } from "./backend.ts";
export {
  createSampler,
  type ParallelSampler,
  type ParallelSamplerOptions,
  type SamplerOptions,
  type WasmSampler,
} from "./create-sampler.ts";
export { createEngine, type Engine, type EngineOptions } from "./engine/create-engine.ts";
export { hasSimd, type Simd } from "./engine/engine-bytes.ts";
