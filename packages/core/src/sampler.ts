// The one interface that every backend implements, over its own tensor type.

import type { Precision } from "./noise.ts";
import type {
  CategoricalOptions,
  GumbelSoftmaxOptions,
  GumbelSoftmaxVjpOptions,
  NoiseOptions,
  SoftmaxOptions,
  TopKOptions,
} from "./options.ts";

/** A result or a promise of it: a backend chooses, callers `await`. */
export type Awaitable<T> = T | Promise<T>;

/** The operations of the sampling spec. */
export const OPERATIONS = [
  "bits",
  "gumbel",
  "gumbelSoftmax",
  "gumbelSoftmaxVjp",
  "softmax",
  "softmaxVjp",
  "categorical",
  "topK",
] as const;

/** Name of an operation of the sampling spec. */
export type Operation = (typeof OPERATIONS)[number];

/** What a backend can do. Whatever is missing here is rejected with `UnsupportedError` when called. */
export interface Capabilities {
  /** Operations that work. */
  readonly operations: readonly Operation[];
  /** Precisions of the noise that it makes. */
  readonly precisions: readonly Precision[];
  /** Whether `offset` and `rowStride` are understood. */
  readonly sharding: boolean;
}

/** Capabilities of a backend that lacks nothing. */
export const ALL_CAPABILITIES: Capabilities = {
  operations: OPERATIONS,
  precisions: ["full", "jax"],
  sharding: true,
};

/** The best `k` categories of each row, without replacement, best first. */
export interface TopKResult<T> {
  /** Perturbed logits, descending along the axis: `logits + g`. −∞ where fewer than `k` categories are unmasked. */
  readonly values: T;
  /** Category indices, int32; −1 where `values` is −∞, and throughout a degenerate row. */
  readonly indices: T;
}

/**
 * Discrete sampling over tensors of type `T`. Logits are unnormalised log-probabilities, −∞ masks a category.
 * Every method throws (or rejects with) `RangeError` or `TypeError` on a bad argument before it does any work.
 */
export interface Sampler<T> {
  /** Name of the backend, as reports show it. */
  readonly backend: string;
  /** What it can do. */
  readonly capabilities: Capabilities;

  /** Random 32-bit words of the given shape: `jax.random.bits`. */
  bits(shape: readonly number[], options?: Omit<NoiseOptions, "precision">): Awaitable<T>;

  /** Standard Gumbel noise of the given shape. */
  gumbel(shape: readonly number[], options?: NoiseOptions): Awaitable<T>;

  /**
   * `softmax((logits + g)/temperature)` along the axis: a sample of the Gumbel-softmax (concrete) distribution
   * (Jang et al. 2017, Maddison et al. 2017). Shape `[...sampleShape, ...logits.shape]`. With `hard`, the exact
   * one-hot of `argmax(logits + g)`.
   */
  gumbelSoftmax(logits: T, options?: GumbelSoftmaxOptions): Awaitable<T>;

  /**
   * Vector-Jacobian product of `gumbelSoftmax` at the same options: `y∘(c − Σ c∘y)/temperature` of the soft sample
   * `y`, summed over the sample shape. `hard` changes nothing: that is the straight-through estimator.
   * @param cotangent gradient with respect to the output, of the output's shape
   */
  gumbelSoftmaxVjp(logits: T, cotangent: T, options: GumbelSoftmaxVjpOptions): Awaitable<T>;

  /** `softmax(logits/temperature)` without noise; with `hard`, the one-hot of the maximum, which is not a sample. */
  softmax(logits: T, options?: SoftmaxOptions): Awaitable<T>;

  /** Vector-Jacobian product of `softmax`; `hard` changes nothing. */
  softmaxVjp(logits: T, cotangent: T, options?: SoftmaxOptions): Awaitable<T>;

  /**
   * Exact categorical samples by the Gumbel-max theorem: `argmax(logits + g)`, lowest index on an exact tie.
   * Indices of `jax.random.categorical(key, logits, axis, shape=[...sampleShape, ...batch])`, int32.
   */
  categorical(logits: T, options?: CategoricalOptions): Awaitable<T>;

  /**
   * `k` categories without replacement by Gumbel-top-k (Kool et al. 2019), best first. The axis has length `k` in
   * both results.
   */
  topK(logits: T, k: number, options?: TopKOptions): Awaitable<TopKResult<T>>;

  /** Releases what the backend holds. Later calls throw. */
  dispose?(): void;
}
