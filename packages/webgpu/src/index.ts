// The main entry. The sampler is on its way; the WGSL functions are in "@gumbel/webgpu/wgsl".
export {
  createKeyStream,
  DegenerateRowError,
  foldIn,
  type Key,
  key,
  nextKey,
  seed,
  split,
  UnsupportedError,
} from "@gumbel/core";
