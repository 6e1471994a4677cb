// The main entry: keys, the float64 reference, and the interface of a backend.
export { DegenerateRowError, UnsupportedError } from "./errors.ts";
export { foldIn, type Key, key, split } from "./key.ts";
export { createKeyStream, type KeyStream, nextKey, seed } from "./key-stream.ts";
export type { NdArray, NdData } from "./nd-array.ts";
export type { Precision } from "./noise.ts";
export type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  LogitsOptions,
  NoiseOptions,
  SoftmaxOptions,
  TopKOptions,
} from "./options.ts";
export { categorical } from "./reference/categorical.ts";
export { createSampler, type ReferenceSampler } from "./reference/create-sampler.ts";
export { bits, gumbel, uniform } from "./reference/noise.ts";
export { gumbelSoftmax, gumbelSoftmaxVjp, softmax, softmaxVjp } from "./reference/softmax.ts";
export { topK } from "./reference/top-k.ts";
export type { Awaitable, Capabilities, Operation, Sampler, TopKResult } from "./sampler.ts";
export { threefry2x32 } from "./threefry.ts";
