// What callers may pass to each operation. Defaults and checks are in resolve.ts.
import type { Key } from "./key.ts";
import type { Precision } from "./noise.ts";

/** How the noise of an operation is drawn. */
export interface NoiseOptions {
  /** The key. The same key always gives the same noise. Left out: the next key of the default stream. */
  key?: Key | undefined;
  /** Default `"full"`. */
  precision?: Precision | undefined;
  /**
   * Counter of the first noise element, for a shard of a larger tensor. A safe integer ≥ 0; default 0.
   * Columns [c, c + n) of rows of length V have `offset: c, rowStride: V`; rows from r on have `offset: r·V`.
   */
  offset?: number | undefined;
  /** Counter distance between rows of the noise shape's last dimension; default that dimension, and at least it. */
  rowStride?: number | undefined;
}

/** Options of every operation that reads logits. */
export interface LogitsOptions {
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | undefined;
  /**
   * Throw {@link DegenerateRowError} when a row holds NaN or +∞, or nothing but −∞, instead of marking its results.
   * Reads the logits back, so meant for debugging. Default false.
   */
  validate?: boolean | undefined;
}

/** Options of `softmax`. */
export interface SoftmaxOptions extends LogitsOptions {
  /** τ, positive and finite. Default 1. */
  temperature?: number | undefined;
  /** Return the exact one-hot of the row's maximum, with the soft result's gradient. Default false. */
  hard?: boolean | undefined;
}

/** Options of `gumbelSoftmax`. */
export interface GumbelSoftmaxOptions extends SoftmaxOptions, NoiseOptions {
  /** Leading dimensions of independent samples; the noise shape is `[...sampleShape, ...logits.shape]`. Default []. */
  sampleShape?: readonly number[] | undefined;
}

/** Options of `gumbelSoftmaxVjp`: those of the call that it differentiates, whose key must be named. */
export interface GumbelSoftmaxVjpOptions extends GumbelSoftmaxOptions {
  key: Key;
}

/** Options of `categorical`. */
export interface CategoricalOptions extends LogitsOptions, NoiseOptions {
  /** As for `gumbelSoftmax`; JAX's `shape` is `[...sampleShape, ...batch]`. Default []. */
  sampleShape?: readonly number[] | undefined;
}

/** Options of `topK`. */
export interface TopKOptions extends LogitsOptions, NoiseOptions {}
