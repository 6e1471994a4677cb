// The two terms of the evidence lower bound, in nats, one number an image.
import * as tf from "@tensorflow/tfjs";

/** `log p(image | code) = Σ x·l − log(1 + e^l)` of Bernoulli pixels with logits l: [batch]. */
export function logLikelihood(images: tf.Tensor2D, pixelLogits: tf.Tensor2D): tf.Tensor1D {
  return tf.sum(tf.sub(tf.mul(images, pixelLogits), tf.softplus(pixelLogits)), 1);
}

/** KL divergence of the posterior from uniform codes, exactly: `Σ q·log q + variables·log categories`, [batch]. */
export function klFromUniform(posteriorLogits: tf.Tensor3D): tf.Tensor1D {
  const [, variables, categories] = posteriorLogits.shape;
  const logq = tf.logSoftmax(posteriorLogits);
  return tf.add(tf.sum(tf.mul(tf.exp(logq), logq), [1, 2]), variables * Math.log(categories));
}
