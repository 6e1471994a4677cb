// What the author of a backend needs beside the public interface: checked options, row layouts, block arithmetic.
export { blockOf, type CounterLayout } from "./counter.ts";
export { assertNoDegenerateRow, degeneracyOf } from "./degenerate.ts";
export { describe } from "./describe.ts";
export { fillBlocks } from "./fill-blocks.ts";
export { sizeOf } from "./nd-array.ts";
export { gumbelOf, wordOf } from "./noise.ts";
export {
  assertShape,
  type ResolvedCategorical,
  type ResolvedGumbelSoftmax,
  type ResolvedLogits,
  type ResolvedNoise,
  type ResolvedSoftmax,
  type ResolvedTopK,
  type RowLayout,
  resolveCategorical,
  resolveGumbelSoftmax,
  resolveGumbelSoftmaxVjp,
  resolveNoise,
  resolveSoftmax,
  resolveSoftmaxVjp,
  resolveTopK,
} from "./resolve.ts";
export { ALL_CAPABILITIES, OPERATIONS } from "./sampler.ts";
