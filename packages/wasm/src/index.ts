// The public API of @gumbel/wasm.
export {
  createKeyStream,
  DegenerateRowError,
  foldIn,
  type Key,
  key,
  type NdArray,
  nextKey,
  seed,
  split,
  UnsupportedError,
} from "@gumbel/core";
export { createSampler, type ParallelSamplerOptions, type SamplerOptions } from "./create-sampler.ts";
export { createEngine, type Engine, type EngineOptions } from "./engine/create-engine.ts";
export type { Simd } from "./engine/instantiate.ts";
export type { Floats, Indices, ParallelSampler, TopKValues, Values, WasmSampler } from "./sampler.ts";
