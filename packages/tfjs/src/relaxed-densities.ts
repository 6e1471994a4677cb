// Densities of relaxed samples on a GPU, of the soft kernels and TensorFlow.js's own operations, and their gradients on every
// backend.
import { FLT_MAX, logGamma, type ResolvedRelaxedLogProb } from "@gumbel/core/adapter";
import type { TensorKernels } from "./backend.ts";
import type { TfCore, TfTensor } from "./tensorflow.ts";
import { weighted } from "./weighted.ts";

type SoftKernels = Pick<TensorKernels, "softmax">;

/** What a density is made of, `[samples·outer, categories, inner]`. */
interface Scores {
  /** `logits − τ·logSample`, −∞ under a mask. */
  readonly scores: TfTensor;
  /** 1 for a category that is not masked, 0 for one that is. */
  readonly kept: TfTensor;
  /** 1 where there is mass that must not be, or none where there must be some. */
  readonly outside: TfTensor;
}

function scoresOf(
  tf: TfCore,
  { layout, temperature }: ResolvedRelaxedLogProb,
  logits: TfTensor,
  logSample: TfTensor,
): Scores {
  const { samples, outer, categories, inner } = layout;
  // In three dimensions whatever the rank: TensorFlow.js's own operations are wrong beyond some on some backends.
  const rows = [samples * outer, categories, inner];
  const x = tf.reshape(logSample, rows);
  const l = tf.tile(tf.reshape(logits, [outer, categories, inner]), [samples, 1, 1]);
  const zeros = tf.zeros(rows);
  const isMasked = tf.equal(l, Number.NEGATIVE_INFINITY);
  const isEmpty = tf.equal(x, Number.NEGATIVE_INFINITY);
  const isFull = tf.equal(x, Number.POSITIVE_INFINITY);
  const [masked, empty, full] = [isMasked, isEmpty, isFull].map((each) => tf.cast(each, "float32"));
  const kept = tf.sub(1, masked);
  const outside = tf.add(tf.mul(masked, tf.sub(1, empty)), tf.mul(kept, tf.add(empty, full)));
  const finite = tf.where(isMasked, zeros, tf.where(isFull, zeros, tf.where(isEmpty, zeros, x)));
  const score = tf.sub(tf.where(isMasked, zeros, l), tf.mul(finite, temperature));
  return { scores: tf.where(isMasked, l, score), kept, outside };
}

/** `softmax` of scores, or its logarithm. */
function softOf(
  kernels: SoftKernels,
  { layout }: ResolvedRelaxedLogProb,
  scores: TfTensor,
  log: boolean,
): TfTensor {
  const { samples, outer, categories, inner } = layout;
  const call = {
    shape: scores.shape,
    outputShape: scores.shape,
    sampleShape: [],
    axis: 1,
    layout: { samples: 1, outer: samples * outer, categories, inner },
  };
  return kernels.softmax({ ...call, temperature: 1, hard: false, log }, { logits: scores }).y;
}

/** Terms are summed as so much smaller ones: as many of them as a row has stay within float32. */
const SCALE = 2 ** -24;

/** `ln Γ(n) + (n − 1)·ln τ + Σ ln softmax(logits − τ·logSample)` of each row. */
export function relaxedLogProbOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedRelaxedLogProb,
  logits: TfTensor,
  logSample: TfTensor,
): TfTensor {
  const { scores, kept, outside } = scoresOf(tf, call, logits, logSample);
  const logs = tf.maximum(softOf(kernels, call, scores, true), -FLT_MAX);
  const count = tf.sum(kept, 1);
  const scaled = sumOf(tf, tf.mul(logs, SCALE), kept, count);
  const sums = tf.mul(tf.maximum(scaled, -FLT_MAX * SCALE), 1 / SCALE);
  const table = tf.tensor(
    Float32Array.from({ length: call.layout.categories + 1 }, (_, n) => (n === 0 ? 0 : constantOf(n, call))),
  );
  const constants = tf.gather(table, tf.cast(count, "int32"));
  const isOutside = tf.greater(tf.sum(outside, 1), 0);
  const none = tf.add(tf.fill(sums.shape, Number.NEGATIVE_INFINITY), tf.mul(sums, 0));
  return tf.reshape(tf.where(isOutside, none, tf.add(sums, constants)), [...call.outputShape]);
}

/**
 * Sums of the kept terms of each row: about their mean, since a running sum of 70,000 terms of one sign is 2·10⁻⁶ off on WebGL.
 *
 * @param count of the kept terms
 */
function sumOf(tf: TfCore, terms: TfTensor, kept: TfTensor, count: TfTensor): TfTensor {
  const mean = tf.div(tf.sum(tf.mul(terms, kept), 1), tf.maximum(count, 1));
  const [rows, , inner] = terms.shape;
  const rest = tf.mul(tf.sub(terms, tf.reshape(mean, [rows, 1, inner])), kept);
  return tf.add(tf.mul(mean, count), tf.sum(rest, 1));
}

function constantOf(n: number, { temperature }: ResolvedRelaxedLogProb): number {
  return logGamma(n) + (n - 1) * Math.log(temperature);
}

/** Gradients of the densities: `c·(1 − n·π)` in the logits, summed over the samples, `−τ` times that in the log-sample. */
export function relaxedLogProbVjpOf(
  tf: TfCore,
  kernels: SoftKernels,
  call: ResolvedRelaxedLogProb,
  logits: TfTensor,
  logSample: TfTensor,
  cotangent: TfTensor,
): TfTensor[] {
  const { scores, kept } = scoresOf(tf, call, logits, logSample);
  const count = tf.sum(kept, 1, true);
  const share = tf.mul(softOf(kernels, call, scores, false), count);
  const products = weighted(tf, tf.sub(kept, share), tf.reshape(cotangent, count.shape));
  const { samples, outer, categories, inner } = call.layout;
  const bySample = tf.reshape(products, [samples, outer * categories * inner]);
  const ofLogits = tf.reshape(tf.sum(bySample, 0), [...call.shape]);
  return [ofLogits, tf.reshape(tf.mul(products, -call.temperature), logSample.shape)];
}
