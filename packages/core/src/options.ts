// Options that several operations share. Each operation's own are in operations/; defaults and checks in resolve.ts.
import type { Key } from "./random/key.ts";
import type { Precision } from "./random/noise.ts";

/** Where random bits come from. */
export interface BitsOptions {
  /** The key. The same key always gives the same bits. Left out: the next key of the default stream. */
  key?: Key | null | undefined;
  /**
   * Counter of the first element, for a shard of a larger tensor. A safe integer ≥ 0; default 0.
   * Columns [c, c + n) of rows of length V have `offset: c, rowStride: V`; rows from r on have `offset: r·V`.
   */
  offset?: number | null | undefined;
  /** Counter distance between rows of the noise shape's last dimension; default that dimension, and at least it. */
  rowStride?: number | null | undefined;
}

/** How the noise of an operation is drawn. */
export interface NoiseOptions extends BitsOptions {
  /** `"full"`, from 63 bits, or `"jax"`, from the 23 bits of `jax.random.gumbel`. Default `"full"`. */
  precision?: Precision | null | undefined;
}

/** Options of every operation that reads logits. */
export interface LogitsOptions {
  /** Dimension of the logits that holds the categories; negative counts from the end. Default −1. */
  axis?: number | null | undefined;
}

/** Options of operations that draw several samples of the same logits. */
export interface SampleOptions {
  /** Leading dimensions of independent samples; the noise shape is `[...sampleShape, ...logits.shape]`. Default []. */
  sampleShape?: readonly number[] | null | undefined;
}

/** Options of operations at a temperature. */
export interface TemperatureOptions {
  /** τ, which divides the logits: a number in [2⁻⁴⁰, 2⁴⁰]. Default 1. */
  temperature?: number | null | undefined;
}

/** Options of soft operations. */
export interface SoftOptions extends LogitsOptions, TemperatureOptions {
  /** Return the exact one-hot of the row's maximum, with the soft result's gradient. Default false. */
  hard?: boolean | null | undefined;
}
