// One run: trains, and measures the model that comes of it.
import { foldIn, key } from "@gumbel/core";
import type { TensorSampler } from "@gumbel/tfjs";
import type * as tf from "@tensorflow/tfjs";
import type { Digits } from "./data.ts";
import type { Model } from "./model.ts";
import { type Bound, type Epoch, evaluate, type TrainingConfig, train } from "./train.ts";

/** Codes of each held-out image that the final figure averages over. */
const FINAL_SAMPLES = 10;

/** Number of the key of the final figure, derived from the seed; training uses lower ones. */
const FINAL_KEY = 100;

/** The numbers of a run; bounds in nats an image. */
export interface Run {
  readonly config: TrainingConfig;
  readonly epochs: readonly Epoch[];
  /** Of the held-out images with hard codes, averaged over `samples` codes of each. */
  readonly final: Bound & { readonly samples: number };
  /** Seconds of training and measuring. */
  readonly seconds: number;
}

/** Trains and measures. The caller disposes the model. */
export function trainAndMeasure(
  config: TrainingConfig,
  digits: Digits,
  sampler: TensorSampler<tf.Tensor>,
  onEpoch: (epoch: Epoch) => void,
): { model: Model; run: Run } {
  const epochs: Epoch[] = [];
  const started = performance.now();
  const model = train(config, digits, sampler, (epoch) => {
    epochs.push(epoch);
    onEpoch(epoch);
  });
  const finalKey = foldIn(key(config.seed), FINAL_KEY);
  const bound = evaluate(model, digits.heldOut, sampler, finalKey, FINAL_SAMPLES);
  const seconds = (performance.now() - started) / 1000;
  return { model, run: { config, epochs, final: { ...bound, samples: FINAL_SAMPLES }, seconds } };
}
