// Reconstructions and samples of a trained model, for the report.
import { foldIn, type Key } from "@gumbel/core";
import type { TensorSampler } from "@gumbel/tfjs";
import * as tf from "@tensorflow/tfjs";
import { type Images, PIXELS } from "./data.ts";
import type { Model } from "./model.ts";
import type { Pictures } from "./report/results.ts";

/** Draws `count` held-out images again, and `count` from codes of the uniform prior. */
export function drawPictures(
  model: Model,
  { pixels }: Images,
  sampler: TensorSampler<tf.Tensor>,
  key: Key,
  count: number,
): Pictures {
  const originals = pixels.slice(0, count * PIXELS);
  const draw = (logits: tf.Tensor3D, drawnWith: Key): Float32Array =>
    tf.tidy(() => {
      const codes = sampler.gumbelSoftmax(logits, { key: drawnWith, hard: true }) as tf.Tensor3D;
      return tf.sigmoid(model.decode(codes)).dataSync<"float32">();
    });
  return tf.tidy(() => ({
    originals,
    reconstructions: draw(model.encode(tf.tensor2d(originals, [count, PIXELS])), foldIn(key, 0)),
    samples: draw(tf.zeros([count, model.shape.variables, model.shape.categories]), foldIn(key, 1)),
  }));
}
