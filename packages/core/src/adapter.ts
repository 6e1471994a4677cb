// What the author of a backend needs beside the public interface: the face, layouts, block arithmetic, constants.
export {
  assertBoolean,
  assertIndices,
  assertInteger,
  assertOneOf,
  assertShape,
  assertTemperature,
} from "./arguments.ts";
export { degeneracyOf } from "./assert-logits.ts";
export type { Backend, Host, Job, StagedBackend } from "./backend.ts";
export { binderOf, createSamplerOver, perform } from "./create-sampler.ts";
export { describe } from "./describe.ts";
export { ESTIMATORS, type ResolvedEstimator } from "./estimators.ts";
export { expectedGap } from "./expected-gap.ts";
export {
  FILTERS,
  type FilterName,
  isAllowed,
  isFiltered,
  type ResolvedDecoding,
  type RowValues,
  valueOfRow,
} from "./filters.ts";
export { float32Of } from "./float16.ts";
export { isTypedArray } from "./is-typed-array.ts";
export {
  isSameShape,
  layoutOf,
  type RowLayout,
  rowCountOf,
  rowStartOf,
  shapeWithoutAxis,
  sizeOf,
} from "./layout.ts";
export { logGamma } from "./log-gamma.ts";
export { assertNdArray } from "./nd-array.ts";
export * from "./numerics.ts";
export type * from "./operation.ts";
export { OPERATION_NAMES, type OperationName, operations, type TypesOf } from "./operation-table.ts";
export type * from "./operations/index.ts";
export type * from "./own-arrays.ts";
export { blockOf, type CounterLayout } from "./random/counter.ts";
export { fillBlocks } from "./random/fill-blocks.ts";
export { assertKey } from "./random/key.ts";
export { gumbelOf, logisticOf, wordOf } from "./random/noise.ts";
export { readOptions } from "./read-options.ts";
export { referenceKernels } from "./reference/index.ts";
export { softmaxOfKept } from "./reference/softmax-of-kept.ts";
export { type ResolvedLogits, type ResolvedNoise, resolveNoise } from "./resolve.ts";
export { unknownOption } from "./suggest-option.ts";
