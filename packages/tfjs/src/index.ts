// The main entry: the sampler over TensorFlow.js tensors, and what every adapter exports of core.
export * from "@gumbel/core/shared";
export { createSampler, type RankedMethods, type TensorSampler } from "./create-sampler.ts";
export { Categorical } from "./distributions/categorical.ts";
export { kl } from "./distributions/kl.ts";
export { OneHotCategorical, type OneHotDrawOptions } from "./distributions/one-hot-categorical.ts";
export type { DrawOptions, LogitsOrProbs } from "./distributions/parameters.ts";
export { RelaxedBernoulli, type TossOptions } from "./distributions/relaxed-bernoulli.ts";
export {
  type RelaxedDrawOptions,
  RelaxedOneHotCategorical,
} from "./distributions/relaxed-one-hot-categorical.ts";
export type { Temperature } from "./distributions/temperature.ts";
export {
  type GumbelSoftmaxLayer,
  type GumbelSoftmaxLayerOptions,
  gumbelSoftmaxLayer,
  type InferenceMode,
  registerGumbelSoftmaxLayer,
  type TensorFlowWithLayers,
} from "./layer/gumbel-softmax-layer.ts";
export {
  type GumbelSoftmaxLogger,
  gumbelSoftmaxLogger,
  type LoggerOptions,
} from "./layer/gumbel-softmax-logger.ts";
export type {
  LayerTemperature,
  TemperatureOfStep,
  TemperatureSchedule,
} from "./layer/temperature-schedule.ts";
export type { TensorFlow } from "./tensorflow.ts";
