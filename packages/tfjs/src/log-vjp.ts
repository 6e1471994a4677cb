// The gradient of logarithms of soft results, of TensorFlow.js's own operations: every backend has it.
import type { ResolvedSoftmax } from "@gumbel/core/adapter";
import type { TfCore, TfTensor } from "./tensorflow.ts";

/**
 * `(c − y·Σ c)/temperature` over the categories that are not masked, summed over the samples; 0 under a mask, NaN in a
 * degenerate row.
 *
 * @param logs of the soft result y
 * @returns gradient of the logits' shape
 */
export function logVjpOf(
  tf: TfCore,
  { layout, shape, temperature }: ResolvedSoftmax,
  logs: TfTensor,
  cotangent: TfTensor,
): TfTensor {
  const { samples, outer, categories, inner } = layout;
  // In three dimensions whatever the rank: TensorFlow.js's own operations are wrong beyond six on some backends.
  const rows = [samples * outer, categories, inner];
  const x = tf.reshape(logs, rows);
  // NaN is no mask.
  const isMasked = tf.equal(x, Number.NEGATIVE_INFINITY);
  const zeros = tf.zeros(rows);
  const c = tf.where(isMasked, zeros, tf.reshape(cotangent, rows));
  // 0, or NaN: tf.exp of webgpu loses it.
  const nothing = tf.mul(tf.where(isMasked, zeros, x), 0);
  const products = tf.add(tf.sub(c, tf.mul(tf.exp(x), tf.sum(c, 1, true))), nothing);
  const summed = tf.sum(tf.reshape(products, [samples, outer * categories * inner]), 0);
  return tf.reshape(tf.mul(summed, 1 / temperature), [...shape]);
}
