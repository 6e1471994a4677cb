// The main entry: exported graphs, appended samplers, the sampler over sessions, and what every adapter exports again.
export * from "@gumbel/core/shared";
export { appendSampler } from "./append/append-sampler.ts";
export { inspectModel, type LogitsCandidate, type ModelReport } from "./append/inspect-model.ts";
export type { AppendSamplerOptions } from "./append/options.ts";
export { exportCategorical } from "./export/export-categorical.ts";
export { exportGumbelSoftmax, exportGumbelSoftmaxVjp } from "./export/export-gumbel-softmax.ts";
export { exportGumbelTopK } from "./export/export-gumbel-top-k.ts";
export type {
  ExportCategoricalOptions,
  ExportGumbelSoftmaxOptions,
  ExportGumbelSoftmaxVjpOptions,
  ExportGumbelTopKOptions,
  IndexType,
  NoiseSource,
} from "./export/options.ts";
export { ModelError } from "./graph/model-error.ts";
export type { Integers } from "./nodes/threefry-2x32.ts";
export { noiseBits } from "./noise-bits.ts";
export { createSampler, type OnnxSampler } from "./run/create-sampler.ts";
export type { OnnxRuntime, OrtSession, OrtTensor } from "./run/onnx-runtime.ts";
export type { NoiseMaker, SamplerOptions } from "./run/sampler-options.ts";
