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
export { createSampler, type SamplerOptions } from "./create-sampler.ts";
export type { Simd } from "./engine/instantiate.ts";
export type { Floats, Indices, TopKValues, Values, WasmSampler } from "./sampler.ts";
