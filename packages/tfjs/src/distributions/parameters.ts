// What the distributions share: their namespace and sampler, logits or probabilities, and values with sample dimensions.
import type { Key, Precision, Shape } from "@gumbel/core";
import { describe, readOptions } from "@gumbel/core/adapter";
import { createSampler, type TensorSampler } from "../create-sampler.ts";
import { assertNamespace, type TensorFlow, type TfTensor } from "../tensorflow.ts";

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
  /** Shape of the logits. */
  readonly shape: Shape;
  /** The temperature of a relaxed one, as it was given. */
  readonly temperature: unknown;
  /** The logits, or those of the probabilities, as float32: fresh tensors where they were given otherwise, for the scope that asks. */
  logits(): TfTensor;
}

const samplers = new WeakMap<object, TensorSampler<TfTensor>>();

/**
 * Checks the parameters of a distribution.
 *
 * @param of the distribution, as errors name it
 * @param toLogits logits of probabilities, which are in one dimension: TensorFlow.js's own operations are wrong beyond six on some
 * backends, and so distributions compute in few
 * @param isRelaxed whether a temperature is another parameter
 * @throws TypeError where there is not one of logits and probs, and for a parameter that it does not have
 */
export function parametersOf<T>(
  of: string,
  tensorflow: TensorFlow<T>,
  parameters: LogitsOrProbs<T> & { readonly temperature?: unknown },
  toLogits: (tf: TfNamespace, probs: TfTensor) => TfTensor,
  isRelaxed = false,
): Parameters {
  assertNamespace(tensorflow);
  const tf = tensorflow as unknown as TfNamespace;
  const message = "a distribution takes { logits } or { probs }, a tensor, got";
  if (typeof parameters !== "object" || parameters === null || parameters instanceof tf.Tensor) {
    throw new TypeError(`${message} ${describe(parameters)}`);
  }
  const names = isRelaxed ? [...PARAMETERS, "temperature"] : PARAMETERS;
  const { logits, probs, temperature } = optionsOf(of, parameters, names);
  const given = logits ?? probs;
  if (logits !== undefined && probs !== undefined) throw new TypeError(`${message} both`);
  if (!(given instanceof tf.Tensor)) throw new TypeError(`${message} ${describe(given ?? parameters)}`);
  const sampler = samplers.get(tensorflow) ?? createSampler(tensorflow as unknown as TensorFlow<TfTensor>);
  samplers.set(tensorflow, sampler);
  const tensor = given as TfTensor;
  const ofProbs = () => {
    const flat = tf.reshape(floatOf(tf, tensor), [tensor.size]);
    return tf.reshape(toLogits(tf, flat), tensor.shape);
  };
  const { shape } = tensor;
  // TensorFlow.js mixes the bits of integers and floats in a choice between them.
  const ofLogits = () => floatOf(tf, tensor);
  return { tf, sampler, shape, temperature, logits: logits === undefined ? ofProbs : ofLogits };
}

const PARAMETERS = ["logits", "probs"];

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
  return readOptions(method, options ?? ({} as O), allowed) as O;
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
