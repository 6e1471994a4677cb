// Trains a model: Gumbel-softmax codes at a falling temperature, Adam, one key a step. Measures with hard codes.
import { foldIn, type Key, key } from "@gumbel/core";
import type { TensorSampler } from "@gumbel/tfjs";
import * as tf from "@tensorflow/tfjs";
import type { Codes } from "./codes.ts";
import { type Digits, type Images, PIXELS, permutation } from "./data.ts";
import { klFromUniform, logLikelihood } from "./elbo.ts";
import { createModel, type Model, type ModelShape } from "./model.ts";
import { type Schedule, valueAt } from "./schedules.ts";

/** Configuration of a run. The same configuration on the same backend gives the same curve. */
export interface TrainingConfig extends ModelShape {
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly codes: Codes;
  readonly temperature: Schedule;
  readonly learningRate: Schedule;
}

/** One point of the curve; nats an image. */
export interface Epoch {
  readonly epoch: number;
  /** Negative bound of the training batches as they were trained on: with relaxed codes it is no bound. */
  readonly trainLoss: number;
  /** Negative ELBO of some training images with hard codes: what the held-out one compares with. */
  readonly training: Bound;
  /** Negative ELBO of the held-out images with hard codes, and its two terms. */
  readonly heldOut: Bound;
  /** At the end of the epoch. */
  readonly temperature: number;
  readonly learningRate: number;
  readonly seconds: number;
}

/** A negative ELBO, nats an image. */
export interface Bound {
  readonly negativeElbo: number;
  /** `−E log p(image | code)`. */
  readonly reconstruction: number;
  /** From the uniform prior. */
  readonly kl: number;
}

/** Numbers of the keys that are derived from the seed, by their use. */
const KEY_OF = { weights: 0, order: 1, codes: 2, evaluation: 3, training: 4 } as const;

/** Trains and measures after each epoch. Returns the model, which the caller disposes. */
export function train(
  config: TrainingConfig,
  { train: images, heldOut }: Digits,
  sampler: TensorSampler<tf.Tensor>,
  onEpoch: (epoch: Epoch) => void,
): Model {
  const root = key(config.seed);
  const model = createModel(config, foldIn(root, KEY_OF.weights));
  const optimizer = tf.train.adam(config.learningRate.from);
  const steps = Math.floor(images.count / config.batch);
  // As many as are held out, so that both bounds have the same precision.
  const measured = firstOf(images, heldOut.count);
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    const started = performance.now();
    const order = permutation(foldIn(foldIn(root, KEY_OF.order), epoch), images.count);
    let total = 0;
    for (let step = 0; step < steps; step++) {
      const done = (epoch - 1) * steps + step;
      const progress = done / (config.epochs * steps);
      // The field is protected in the types; TensorFlow.js's own callbacks set it too.
      Object.assign(optimizer, { learningRate: valueAt(config.learningRate, progress) });
      const drawn = {
        key: foldIn(foldIn(root, KEY_OF.codes), done),
        temperature: valueAt(config.temperature, progress),
        ...(config.codes === "soft" ? {} : { hard: true, estimator: config.codes }),
      };
      total += tf.tidy(() => {
        const x = batchOf(images, order.subarray(step * config.batch, (step + 1) * config.batch));
        const loss = optimizer.minimize(() => {
          const logits = model.encode(x);
          const codes = sampler.gumbelSoftmax(logits, drawn) as tf.Tensor3D;
          const elbo = tf.sub(logLikelihood(x, model.decode(codes)), klFromUniform(logits));
          return tf.neg(tf.mean(elbo));
        }, true)!;
        return loss.dataSync()[0];
      });
    }
    onEpoch({
      epoch,
      trainLoss: total / steps,
      training: evaluate(model, measured, sampler, foldIn(root, KEY_OF.training)),
      heldOut: evaluate(model, heldOut, sampler, foldIn(root, KEY_OF.evaluation)),
      temperature: valueAt(config.temperature, epoch / config.epochs),
      learningRate: valueAt(config.learningRate, epoch / config.epochs),
      seconds: (performance.now() - started) / 1000,
    });
  }
  optimizer.dispose();
  return model;
}

/** The negative ELBO of images with hard codes, averaged over `samples` codes of each. */
export function evaluate(
  model: Model,
  images: Images,
  sampler: TensorSampler<tf.Tensor>,
  codesKey: Key,
  samples = 1,
): Bound {
  return tf.tidy(() => {
    const x = tf.tensor2d(images.pixels, [images.count, PIXELS]);
    const logits = model.encode(x);
    const kl = tf.mean(klFromUniform(logits)).dataSync()[0];
    let reconstruction = 0;
    for (let sample = 0; sample < samples; sample++) {
      const drawn = { key: foldIn(codesKey, sample), hard: true };
      const codes = sampler.gumbelSoftmax(logits, drawn) as tf.Tensor3D;
      reconstruction -= tf.mean(logLikelihood(x, model.decode(codes))).dataSync()[0] / samples;
    }
    return { negativeElbo: reconstruction + kl, reconstruction, kl };
  });
}

function firstOf(images: Images, count: number): Images {
  const kept = Math.min(count, images.count);
  return { count: kept, pixels: images.pixels.subarray(0, kept * PIXELS) };
}

/** Images by their numbers, as a matrix. */
function batchOf({ pixels }: Images, numbers: Int32Array): tf.Tensor2D {
  const data = new Float32Array(numbers.length * PIXELS);
  numbers.forEach((image, i) => {
    data.set(pixels.subarray(image * PIXELS, (image + 1) * PIXELS), i * PIXELS);
  });
  return tf.tensor2d(data, [numbers.length, PIXELS]);
}
