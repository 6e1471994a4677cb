// Gradients of relaxed coin tosses and of their densities, of TensorFlow.js's own operations: every backend has them.
import { type ResolvedElements, type ResolvedRelaxedBernoulli, sizeOf } from "@gumbel/core/adapter";
import type { TfCore, TfTensor } from "./tensorflow.ts";
import { weighted } from "./weighted.ts";

/** Sums `[samples, elements]` over the samples: a gradient of the logits' shape. */
function sumOverSamples(tf: TfCore, { shape }: ResolvedElements, products: TfTensor): TfTensor {
  return tf.reshape(tf.sum(products, 0), [...shape]);
}

/** `c·y·(1 − y)/temperature` of soft samples y, or `c/temperature` of their logits, 0 of infinite ones. */
export function relaxedBernoulliVjpOf(
  tf: TfCore,
  call: ResolvedRelaxedBernoulli,
  y: TfTensor,
  cotangent: TfTensor,
): TfTensor {
  // In two dimensions whatever the rank: TensorFlow.js's own operations are wrong beyond six on some backends.
  const rows = [sizeOf(call.sampleShape), sizeOf(call.shape)];
  const [tossed, c] = [tf.reshape(y, rows), tf.reshape(cotangent, rows)];
  const slope = call.logit ? slopeOfLogit(tf, tossed) : tf.mul(tossed, tf.sub(1, tossed));
  return sumOverSamples(tf, call, tf.mul(weighted(tf, slope, c), 1 / call.temperature));
}

/** 1, but 0 of an infinite logit, whose toss is certain, and NaN of NaN. */
function slopeOfLogit(tf: TfCore, y: TfTensor): TfTensor {
  const zeros = tf.zeros(y.shape);
  const isAlways = tf.equal(y, Number.POSITIVE_INFINITY);
  const isNever = tf.equal(y, Number.NEGATIVE_INFINITY);
  return tf.where(isAlways, zeros, tf.where(isNever, zeros, tf.add(tf.mul(y, 0), 1)));
}

/** `c·(1 − 2·σ(d))` in the logits, summed over the samples, `−τ` times that in the samples, with `d = logits − τ·samples`. */
export function relaxedBernoulliLogProbVjpOf(
  tf: TfCore,
  call: ResolvedElements,
  logits: TfTensor,
  samples: TfTensor,
  cotangent: TfTensor,
): TfTensor[] {
  const rows = [sizeOf(call.sampleShape), sizeOf(call.shape)];
  const d = tf.sub(tf.reshape(logits, [1, rows[1]]), tf.mul(tf.reshape(samples, rows), call.temperature));
  const products = weighted(tf, tf.sub(1, tf.mul(tf.sigmoid(d), 2)), tf.reshape(cotangent, rows));
  const ofSamples = tf.reshape(tf.mul(products, -call.temperature), samples.shape);
  return [sumOverSamples(tf, call, products), ofSamples];
}
