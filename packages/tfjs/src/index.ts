// The main entry: the sampler over TensorFlow.js tensors, and core's keys.
export {
  createKeyStream,
  DegenerateRowError,
  foldIn,
  type Key,
  type KeyStream,
  key,
  nextKey,
  seed,
  split,
  UnsupportedError,
} from "@gumbel/core";
export { createSampler, type TensorSampler } from "./create-sampler.ts";
export type { TensorFlow } from "./tensorflow.ts";
