// How much of the suite runs on TensorFlow.js's GPU backends.
import { isFullRun, quickOnGpuUnlessFull } from "@gumbel-tools/test";

/** Cases of every size and shape, of operations that are made of a soft kernel, certified beside, and TensorFlow.js's own. */
const COMPOSED = /^(sizes|regimes|tails|history|logits|reference\/rank-5).*(entropy|klDivergence|relaxed)/;

/** Cases of the sampler rather than of its kernels. The GPU backends differ in the text of their kernels alone. */
const SHARED = /^(lifetime|history|programs|keys)\//;

/** A quick run, without the cases above; the whole suite with `--full`. */
export const gpuEffort: typeof quickOnGpuUnlessFull = isFullRun
  ? {}
  : { ...quickOnGpuUnlessFull, filter: ({ id }) => !COMPOSED.test(id) };

/** The same for another of these backends: its kernels alone. */
export const kernelEffort: typeof quickOnGpuUnlessFull = isFullRun
  ? {}
  : { ...quickOnGpuUnlessFull, filter: ({ id }) => !COMPOSED.test(id) && !SHARED.test(id) };
