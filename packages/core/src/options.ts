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
  /**
   * Return the logarithm of the soft result, computed as such: finite where the result itself underflows to 0, −∞ under
   * a mask. Not with `hard`. Default false.
   */
  log?: boolean | null | undefined;
}

/** A number for every row, or one for each row of the logits in row-major order of their shape without the axis. */
export type PerRow = number | ArrayLike<number>;

/** Temperature of operations where it may differ from row to row. */
export interface RowTemperatureOptions {
  /** τ, which divides the logits: a number in [2⁻⁴⁰, 2⁴⁰], or one for each row. Default 1. */
  temperature?: PerRow | null | undefined;
}

/**
 * Options that leave categories out of a draw: the filters of language models. They act in the order of this list, each
 * on what the one before left, renormalised; categories rank by falling logit, equal ones by rising index. The most likely
 * category of a row passes every one but `typicalP`, which keeps at least one too. At temperature 0 only the mask counts.
 */
export interface FilterOptions {
  /**
   * Categories that are allowed, as bits: category v is bit `v mod 32` of word `⌊v/32⌋`, 1 for allowed (xgrammar's
   * layout). ⌈n/32⌉ words for all rows, or as many for each row.
   */
  mask?: Int32Array | Uint32Array | null | undefined;
  /** Keeps logits of at least `max − topNSigma·σ`, σ being the standard deviation of the row's unmasked logits. 0 is off. */
  topNSigma?: PerRow | null | undefined;
  /** Keeps so many categories of the highest rank: an integer ≥ 0. 0 is off. */
  topK?: PerRow | null | undefined;
  /** Keeps a category where those of higher rank hold less than this mass, in [0, 1]: the smallest set that reaches it. 1 is off. */
  topP?: PerRow | null | undefined;
  /** Keeps categories of at least this share of the most likely one's probability, in [0, 1]. 0 is off. */
  minP?: PerRow | null | undefined;
  /** As `topP`, in order of how near the information `−log p` is to the entropy: locally typical sampling. 1 is off. */
  typicalP?: PerRow | null | undefined;
  /** Keeps probabilities of at least this, in [0, 1]. 0 is off. */
  epsilonCutoff?: PerRow | null | undefined;
  /** Keeps probabilities of at least `min(η, √η·e^−H)`, H being the entropy; in [0, 1]. 0 is off. */
  etaCutoff?: PerRow | null | undefined;
  /** Whether filters see tempered probabilities, or those at temperature 1, as llama.cpp does. Default `"temperature-first"`. */
  order?: "temperature-first" | "temperature-last" | null | undefined;
}

/** Noise of operations that can draw each row under a key of its own. */
export interface RowNoiseOptions extends Omit<NoiseOptions, "key"> {
  /**
   * The key, or one for each row of the logits: then each row draws as if it were alone (`jax.vmap`), and its sample
   * depends on nothing beside it. Left out: the next key of the default stream.
   */
  key?: Key | readonly Key[] | null | undefined;
}
