// What every adapter exports again, so that one install is enough: keys, errors, the logits' check, types.
export { assertLogits } from "./assert-logits.ts";
export { DegenerateRowError, UnsupportedError } from "./errors.ts";
export type { Estimator, EstimatorOptions } from "./estimators.ts";
export type { FilterName } from "./filters.ts";
export type { Float16Like } from "./float16.ts";
export type { HostData, NdArray, NdData } from "./nd-array.ts";
export type { Answer, Mode, Results, Shape } from "./operation.ts";
export type { OperationName } from "./operation-table.ts";
export type * from "./operations/index.ts";
export type * from "./options.ts";
export { foldIn, type Key, key, split } from "./random/key.ts";
export { createKeyStream, type KeyStream, nextKey, seed } from "./random/key-stream.ts";
export type { Precision } from "./random/noise.ts";
export type { Awaitable, Capabilities, Sampler } from "./sampler.ts";
