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
export { createSampler, type SamplerOptions, type TensorSampler } from "./create-sampler.ts";
export {
  type GumbelSoftmaxLayer,
  type GumbelSoftmaxLayerOptions,
  gumbelSoftmaxLayer,
  type InferenceMode,
  registerGumbelSoftmaxLayer,
  type TensorFlowWithLayers,
} from "./layer/gumbel-softmax-layer.ts";
export type { TemperatureSchedule } from "./layer/temperature-schedule.ts";
export type { TensorFlow } from "./tensorflow.ts";
export type { SamplingEngine } from "./typed-array/engine.ts";
