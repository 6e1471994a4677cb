// Entropies and divergences on a GPU, of the soft kernels and TensorFlow.js's own operations, and their gradients on every backend.
// Logarithms come from the kernels, which see masks and degenerate rows: a row without a distribution has NaN throughout.
import {
  FLT_MAX,
  type ResolvedEntropy,
  type ResolvedLogits,
  type ResolvedSoftmax,
} from "@gumbel/core/adapter";
import type { TensorKernels } from "./backend.ts";
import type { TfCore, TfTensor } from "./tensorflow.ts";
import { weighted } from "./weighted.ts";

type SoftKernels = Pick<TensorKernels, "softmax">;

/** Probabilities and log-probabilities of rows, `[outer, categories, inner]`. */
interface Probabilities {
  readonly p: TfTensor;
  /** At least −FLT_MAX, so that nothing times 0 is NaN. */
  readonly logs: TfTensor;
  /** 1 under a mask, 0 elsewhere. */
  readonly masks: TfTensor;
}

/** `softmax(logits/temperature)` and its logarithm. */
function probabilitiesOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedLogits & { readonly temperature?: number },
  logits: TfTensor,
): Probabilities {
  const { layout, shape, temperature = 1 } = call;
  const rows = [layout.outer, layout.categories, layout.inner];
  const soft: ResolvedSoftmax = { ...call, temperature, outputShape: shape, hard: false, log: false };
  const p = tf.reshape(kernels.softmax(soft, { logits }).y, rows);
  const logs = tf.reshape(kernels.softmax({ ...soft, log: true }, { logits }).y, rows);
  const masks = tf.cast(tf.equal(logs, Number.NEGATIVE_INFINITY), "float32");
  return { p, logs: tf.maximum(logs, -FLT_MAX), masks };
}

/** `−Σ p·ln p` of each row. */
export function entropyOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedEntropy,
  logits: TfTensor,
): TfTensor {
  const { p, logs } = probabilitiesOf(tf, kernels, call, logits);
  return tf.reshape(tf.neg(tf.sum(tf.mul(p, logs), 1)), [...call.outputShape]);
}

/** Gradient of the entropies, `−c·p·(ln p + H)/temperature`. */
export function entropyVjpOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedEntropy,
  logits: TfTensor,
  cotangent: TfTensor,
): TfTensor {
  const { p, logs } = probabilitiesOf(tf, kernels, call, logits);
  const mean = tf.sum(tf.mul(p, logs), 1, true);
  const c = tf.reshape(cotangent, mean.shape);
  const products = weighted(tf, tf.mul(p, tf.sub(mean, logs)), tf.mul(c, 1 / call.temperature));
  return tf.reshape(products, [...call.shape]);
}

/** `Σ (p·(ln p − ln q) − p + q)` of each row: no term of it is negative, and where p and q are near none cancels. */
export function divergenceOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedLogits,
  logits: TfTensor,
  otherLogits: TfTensor,
): TfTensor {
  const [p, q] = [logits, otherLogits].map((each) => probabilitiesOf(tf, kernels, call, each));
  const terms = tf.add(tf.sub(tf.mul(p.p, logRatioOf(tf, p, q)), p.p), q.p);
  const sums = tf.sum(tf.maximum(terms, 0), 1);
  // What q masks and p does not is infinite.
  const lacking = tf.sum(tf.mul(q.masks, tf.sub(1, p.masks)), 1);
  const isInfinite = tf.greater(lacking, 0);
  const infinite = tf.fill(sums.shape, Number.POSITIVE_INFINITY);
  return tf.reshape(tf.where(isInfinite, tf.add(infinite, tf.mul(sums, 0)), sums), [...call.outputShape]);
}

/** `ln p − ln q`, 0 where p is masked; a little less than float32's largest number, so that its mean is finite. */
function logRatioOf(tf: TfCore, p: Probabilities, q: Probabilities): TfTensor {
  const ratio = tf.minimum(tf.sub(p.logs, q.logs), FLT_MAX * (1 - 2 ** -19));
  return tf.mul(ratio, tf.sub(1, p.masks));
}

/** Gradients of the divergences: `c·p·(ln p − ln q − KL)` in the logits of p, `c·(q − p)` in those of q, 0 under a mask. */
export function divergenceVjpOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedLogits,
  logits: TfTensor,
  otherLogits: TfTensor,
  cotangent: TfTensor,
): TfTensor[] {
  const [p, q] = [logits, otherLogits].map((each) => probabilitiesOf(tf, kernels, call, each));
  const ratio = logRatioOf(tf, p, q);
  const mean = tf.sum(tf.mul(p.p, ratio), 1, true);
  const c = tf.reshape(cotangent, mean.shape);
  // Ratios of either sign as large as float32 are further apart than it reaches, and 0 times that is to be 0.
  const excess = tf.maximum(tf.sub(ratio, mean), -FLT_MAX);
  const ofP = weighted(tf, tf.mul(p.p, excess), c);
  const ofQ = weighted(tf, tf.mul(tf.sub(q.p, p.p), tf.sub(1, q.masks)), c);
  return [ofP, ofQ].map((gradient) => tf.reshape(gradient, [...call.shape]));
}
