// The categorical distribution over the last axis.
import { sizeOf } from "@gumbel/core/adapter";
import type { TensorFlow, TfTensor } from "../tensorflow.ts";
import {
  batchOf,
  constantOf,
  DRAW_OPTIONS,
  type DrawOptions,
  type LogitsOrProbs,
  logOf,
  optionsOf,
  type Parameters,
  parametersOf,
  sampleShapeOf,
  type TfNamespace,
  tensorOf,
} from "./parameters.ts";

/**
 * The categorical distribution of each row of logits, along their last axis: `torch.distributions.Categorical`. It holds no
 * tensor of its own; methods make tensors that the caller or `tf.tidy` disposes, differentiable in the logits or probs. Each draw
 * takes a key; without one it takes the next key of the default stream.
 *
 * @example new Categorical(tf, { logits }).sample({ key: key(42) })
 */
export class Categorical<T> {
  /** @ignore */
  readonly parameters: Parameters;

  /** @throws TypeError where there is not one of logits and probs, or it is no tensor */
  constructor(tf: TensorFlow<T>, logitsOrProbs: LogitsOrProbs<T>) {
    this.parameters = parametersOf("Categorical", tf, logitsOrProbs, logOf);
  }

  /** Unnormalised log-probabilities: the float32 tensor that was given, or a fresh one of probs or of another type. */
  get logits(): T {
    const { tf, logits } = this.parameters;
    return tf.tidy(logits) as T;
  }

  /** Probabilities, of the logits' shape. */
  get probs(): T {
    const { tf, sampler, logits } = this.parameters;
    return tf.tidy(() => sampler.softmax(logits())) as T;
  }

  /** Category indices, int32, of shape `[...sampleShape, ...batch]`. */
  sample(options: DrawOptions = {}): T {
    const { tf, sampler, logits } = this.parameters;
    const given = optionsOf("sample", options, DRAW_OPTIONS);
    return tf.tidy(() => sampler.categorical(logits(), given)) as T;
  }

  /**
   * Log-probabilities of categories: −∞ for a masked one, NaN for −1 and what is no whole number.
   *
   * @param value indices of shape `[...samples, ...batch]`
   * @throws RangeError on the CPU for another number out of range; on a GPU, whose data are not read, it gives NaN
   */
  logProb(value: T): T {
    const { tf, sampler, logits } = this.parameters;
    return tf.tidy(() => {
      const [l, indices] = [logits(), indicesOf(tf, tensorOf(tf, value))];
      const samples = sampleShapeOf(indices, batchOf(l));
      if (samples.length === 0) return sampler.logProb(l, indices);
      // A sum over no samples is not 0 on the wasm backend of TensorFlow.js.
      if (indices.size === 0) return constantOf(tf, l, () => tf.zeros(indices.shape));
      // Broadcasts, and sums the gradient over the samples.
      const repeated = tf.add(tf.zeros([sizeOf(samples), l.size]), tf.reshape(l, [l.size]));
      return sampler.logProb(tf.reshape(repeated, [...samples, ...l.shape]), indices);
    }) as T;
  }

  /** Entropies in nats, of the batch shape. */
  entropy(): T {
    const { tf, sampler, logits } = this.parameters;
    return tf.tidy(() => sampler.entropy(logits())) as T;
  }

  /** The most probable category, int32, of the batch shape; the lowest of equal ones. */
  mode(): T {
    const { tf, sampler, logits } = this.parameters;
    return tf.tidy(() => sampler.categorical(logits(), { temperature: 0 })) as T;
  }
}

/** Indices as int32: −1 for what is no whole number, and what int32 does not hold stays out of range. */
function indicesOf(tf: TfNamespace, value: TfTensor): TfTensor {
  if (value.dtype !== "float32") return value;
  return constantOf(tf, value, ({ size, shape }) => {
    const flat = tf.reshape(value, [size]);
    const held = tf.clipByValue(flat, -(2 ** 30), 2 ** 30);
    const whole = tf.where(tf.equal(flat, tf.floor(flat)), held, tf.fill([size], -1));
    return tf.reshape(tf.cast(whole, "int32"), shape);
  });
}
