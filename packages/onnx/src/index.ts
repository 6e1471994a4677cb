// The main entry: exported graphs, and core's keys and errors, so that one install is enough.
export type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  Key,
  KeyStream,
  LogitsOptions,
  NoiseOptions,
  Precision,
  Sampler,
  SoftmaxOptions,
  TopKOptions,
  TopKResult,
} from "@gumbel/core";
export {
  createKeyStream,
  DegenerateRowError,
  foldIn,
  key,
  nextKey,
  seed,
  split,
  UnsupportedError,
} from "@gumbel/core";
export { appendSampler } from "./append/append-sampler.ts";
export { inspectModel, type LogitsCandidate, type ModelReport } from "./append/inspect-model.ts";
export type { AppendSamplerOptions } from "./append/options.ts";
export { exportCategorical } from "./export/export-categorical.ts";
export { exportGumbelSoftmax, exportGumbelSoftmaxGradient } from "./export/export-gumbel-softmax.ts";
export { exportTopK } from "./export/export-top-k.ts";
export type {
  ExportCategoricalOptions,
  ExportGumbelSoftmaxGradientOptions,
  ExportGumbelSoftmaxOptions,
  ExportTopKOptions,
  IndexType,
  NoiseSource,
} from "./export/options.ts";
export { ModelError } from "./graph/model-error.ts";
export type { Integers } from "./nodes/threefry-2x32.ts";
export { noiseBits } from "./noise-bits.ts";
export { createSampler } from "./run/create-sampler.ts";
export type { OnnxRuntime, OrtSession, OrtTensor } from "./run/onnx-runtime.ts";
export type { NoiseMaker, OnnxSampler, SamplerOptions } from "./run/sampler.ts";
