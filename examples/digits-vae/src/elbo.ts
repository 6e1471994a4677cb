// The two terms of the evidence lower bound, in nats, one number an image.
import * as tf from "@tensorflow/tfjs";
import { type Digits, PIXELS } from "./data.ts";

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

/** Nats an image of the held-out digits where each pixel is ink as often as in training, whatever the others are. */
export function pixelByPixel({ train, heldOut }: Digits): number {
  return tf.tidy(() => {
    const ink = tf.sum(tf.tensor2d(train.pixels, [train.count, PIXELS]), 0);
    // One more of each kind, so that a pixel that was always paper is not thought impossible.
    const logits = tf.log(tf.div(tf.add(ink, 1), tf.sub(train.count + 1, ink)));
    const x = tf.tensor2d(heldOut.pixels, [heldOut.count, PIXELS]);
    const likelihood = logLikelihood(x, tf.reshape(logits, [1, PIXELS]));
    return -tf.mean(likelihood).dataSync()[0];
  });
}
