// The categorical distribution over one-hot vectors along the last axis.
import type { EstimatorOptions } from "@gumbel/core";
import { sizeOf } from "@gumbel/core/adapter";
import type { TensorFlow, TfTensor } from "../tensorflow.ts";
import { Categorical } from "./categorical.ts";
import {
  batchOf,
  constantOf,
  DRAW_OPTIONS,
  type DrawOptions,
  floatOf,
  type LogitsOrProbs,
  optionsOf,
  sampleShapeOf,
  tensorOf,
} from "./parameters.ts";

/** Options of a differentiable draw of one-hots. */
export interface OneHotDrawOptions extends DrawOptions, EstimatorOptions {
  /** τ of the soft sample whose gradient the draw has. Default 1. */
  readonly temperature?: number | null | undefined;
}

const ONE_HOT_DRAW_OPTIONS = [
  ...DRAW_OPTIONS,
  "temperature",
  "estimator",
  "backwardTemperature",
  "draws",
  "gap",
];

/**
 * The distribution of one-hot vectors: `torch.distributions.OneHotCategorical`, and with `rsample`
 * `OneHotCategoricalStraightThrough`. Otherwise as {@link Categorical}.
 *
 * @example new OneHotCategorical(tf, { probs }).rsample({ key: key(42), temperature: 0.5 })
 */
export class OneHotCategorical<T> {
  readonly #categorical: Categorical<T>;

  /** @throws TypeError where there is not one of logits and probs, or it is no tensor */
  constructor(tf: TensorFlow<T>, logitsOrProbs: LogitsOrProbs<T>) {
    this.#categorical = new Categorical(tf, logitsOrProbs);
  }

  /** @ignore */
  get parameters(): Categorical<T>["parameters"] {
    return this.#categorical.parameters;
  }

  /** Unnormalised log-probabilities: the float32 tensor that was given, or a fresh one of probs or of another type. */
  get logits(): T {
    return this.#categorical.logits;
  }

  /** Probabilities, of the logits' shape. */
  get probs(): T {
    return this.#categorical.probs;
  }

  /** One-hots of shape `[...sampleShape, ...logits.shape]`, without a gradient. */
  sample(options: DrawOptions = {}): T {
    const { tf, sampler, logits } = this.parameters;
    const given = optionsOf("sample", options, DRAW_OPTIONS);
    const draw = (l: TfTensor) => sampler.gumbelSoftmax(l, { ...given, hard: true } as never) as TfTensor;
    return tf.tidy(() => constantOf(tf, logits(), draw)) as T;
  }

  /** The same one-hots, straight-through: with the gradient of a soft sample, or of another estimator. */
  rsample(options: OneHotDrawOptions = {}): T {
    const { tf, sampler, logits } = this.parameters;
    const given = optionsOf("rsample", options, ONE_HOT_DRAW_OPTIONS);
    return tf.tidy(() => sampler.gumbelSoftmax(logits(), { ...given, hard: true } as never)) as T;
  }

  /**
   * Log-probabilities of one-hots: NaN for a row that is none.
   * @param value of shape `[...samples, ...logits.shape]`
   */
  logProb(value: T): T {
    const { tf, logits } = this.parameters;
    return tf.tidy(() => {
      const oneHots = tensorOf(tf, value);
      // Of another width the place of the 1 would be an index all the same.
      const { shape } = logits();
      sampleShapeOf(oneHots, shape);
      const rows = sizeOf(batchOf(oneHots));
      const flat = tf.reshape(floatOf(tf, oneHots), [rows, shape[shape.length - 1]]);
      // A 1, and nothing else that is not 0.
      const count = (x: TfTensor) => tf.sum(tf.cast(x, "int32"), -1);
      const isOneHot = tf.logicalAnd(
        tf.equal(count(tf.equal(flat, 1)), 1),
        tf.equal(count(tf.notEqual(flat, 0)), 1),
      );
      const indices = tf.where(isOneHot, tf.argMax(flat, -1), tf.fill([rows], -1, "int32"));
      return this.#categorical.logProb(tf.reshape(indices, batchOf(oneHots)) as T) as TfTensor;
    }) as T;
  }

  /** Entropies in nats, of the batch shape. */
  entropy(): T {
    return this.#categorical.entropy();
  }

  /** The one-hot of the most probable category. */
  mode(): T {
    const { tf, sampler, logits } = this.parameters;
    return tf.tidy(() => sampler.softmax(logits(), { hard: true })) as T;
  }

  /** The mean: the probabilities. */
  mean(): T {
    return this.probs;
  }
}
