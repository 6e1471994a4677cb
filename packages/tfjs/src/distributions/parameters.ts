// What the distributions share: their namespace and sampler, logits or probabilities, and values with sample dimensions.
import type { Key, Precision, Shape } from "@gumbel/core";
import { describe, unknownOption } from "@gumbel/core/adapter";
import { createSampler, type TensorSampler } from "../create-sampler.ts";
import type { TensorFlow, TfTensor } from "../tensorflow.ts";

/** The namespace as distributions use it. */
export type TfNamespace = typeof import("@tensorflow/tfjs-core");

/** The parameter of a distribution: unnormalised log-probabilities, or probabilities. One of them. */
export type LogitsOrProbs<T> =
  | { readonly logits: T; readonly probs?: undefined }
  | { readonly probs: T; readonly logits?: undefined };

/** Options of a draw. */
export interface DrawOptions {
  /** The key: the same key gives the same sample. Left out, the next key of the default stream. */
  readonly key?: Key | null | undefined;
  /** Leading dimensions of independent samples. Default []. */
  readonly sampleShape?: Shape | null | undefined;
  /** Default `"full"`. */
  readonly precision?: Precision | null | undefined;
}

/** What a distribution holds. No tensor of it is its own, so that there is nothing to dispose. */
export interface Parameters {
  readonly tf: TfNamespace;
  readonly sampler: TensorSampler<TfTensor>;
  /** The logits, or those of the probabilities: fresh tensors then, for the scope that asks. */
  logits(): TfTensor;
}

const samplers = new WeakMap<object, TensorSampler<TfTensor>>();

/**
 * Checks the parameter of a distribution.
 *
 * @param toLogits logits of probabilities, which are in one dimension: TensorFlow.js's own operations are wrong beyond six on some
 * backends, and so distributions compute in few
 * @throws TypeError where there is not one of logits and probs
 */
export function parametersOf<T>(
  tensorflow: TensorFlow<T>,
  logitsOrProbs: LogitsOrProbs<T>,
  toLogits: (tf: TfNamespace, probs: TfTensor) => TfTensor,
): Parameters {
  const sampler = samplers.get(tensorflow) ?? createSampler(tensorflow as unknown as TensorFlow<TfTensor>);
  samplers.set(tensorflow, sampler);
  const tf = tensorflow as unknown as TfNamespace;
  const { logits, probs } = logitsOrProbs ?? {};
  const given = logits ?? probs;
  if (logits != null && probs != null) {
    throw new TypeError("a distribution takes { logits } or { probs }, a tensor, got both");
  }
  if (!(given instanceof tf.Tensor)) {
    const got = describe(given ?? logitsOrProbs);
    throw new TypeError(`a distribution takes { logits } or { probs }, a tensor, got ${got}`);
  }
  const tensor = given as TfTensor;
  const ofProbs = () => {
    const flat = tf.reshape(floatOf(tf, tensor), [tensor.size]);
    return tf.reshape(toLogits(tf, flat), tensor.shape);
  };
  return { tf, sampler, logits: logits == null ? ofProbs : () => tensor };
}

/** A tensor as float32, for operations of TensorFlow.js that take nothing else. */
export function floatOf(tf: TfNamespace, x: TfTensor): TfTensor {
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

/**
 * The options of a method, which must be its own: the sampler beneath has others, that no distribution means.
 *
 * @throws TypeError
 */
export function optionsOf<O extends object>(
  method: string,
  options: O | null | undefined,
  allowed: readonly string[],
): O {
  const given = options ?? ({} as O);
  if (typeof given !== "object" || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw new TypeError(`${method} takes options such as { ${allowed[0]} }, got ${describe(given)}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (value != null && !allowed.includes(name)) throw unknownOption(method, name, allowed);
  }
  return given;
}

/** Names of {@link DrawOptions}. */
export const DRAW_OPTIONS: readonly string[] = ["key", "sampleShape", "precision"];

/** @throws TypeError for a value that is no tensor */
export function tensorOf(tf: TfNamespace, value: unknown): TfTensor {
  if (!(value instanceof tf.Tensor)) throw new TypeError(`value must be a tf.Tensor, got ${describe(value)}`);
  return value as TfTensor;
}

/** A function of a tensor as a constant, without a gradient: TensorFlow.js has none of comparisons, nor a way to stop one. */
export function constantOf(tf: TfNamespace, x: TfTensor, f: (x: TfTensor) => TfTensor): TfTensor {
  const { shape } = x;
  return tf.customGrad((given) => ({ value: f(given as TfTensor), gradFunc: () => tf.zeros(shape) }))(x);
}

/** Logarithms of probabilities, and −∞ for 0, whose gradient is none. */
export function logOf(tf: TfNamespace, probs: TfTensor): TfTensor {
  const isZero = constantOf(tf, probs, (p) => tf.equal(p, 0));
  const logs = tf.log(tf.where(isZero, tf.onesLike(probs), probs));
  return tf.where(isZero, tf.fill(probs.shape, Number.NEGATIVE_INFINITY), logs);
}

/** Shape of a tensor without its last dimension: that of a distribution's batch. */
export function batchOf({ shape }: TfTensor): number[] {
  return shape.slice(0, -1);
}

/**
 * The sample dimensions of a value.
 *
 * @throws RangeError where the value does not end in the shape
 */
export function sampleShapeOf(value: TfTensor, shape: Shape): number[] {
  const count = value.shape.length - shape.length;
  const isFit = count >= 0 && shape.every((dimension, i) => value.shape[count + i] === dimension);
  if (isFit) return value.shape.slice(0, count);
  throw new RangeError(`value must have shape [...samples, ${shape}], got ${describe(value.shape)}`);
}
