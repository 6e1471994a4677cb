// Options and results of token samplers, as types. Checks and defaults are in resolve-options.ts and resolve-steps.ts.

import type { Float16Like, NdArray } from "@gumbel/core";
import type {
  Answer,
  CategoricalOptions,
  FilterOptions,
  Key,
  LogProbOptions,
  Mode,
} from "@gumbel/core/shared";

/** What draws and computes log-probabilities: any sampler of the project that takes arrays, at once or by promises. */
export interface ArraySampler<M extends Mode = Mode> {
  /** Name of the backend. */
  readonly backend: string;
  /** What it can do: values and keys by row, and every filter that is used. */
  readonly capabilities: {
    readonly filters: readonly string[];
    readonly perRow: boolean;
  };
  /** Draws an index of each row, as `Sampler.categorical` does. */
  categorical(logits: NdArray, options?: CategoricalOptions): Answer<NdArray, M>;
  /** Log-probabilities of indices under the same options, as `Sampler.logProb` gives them. */
  logProb(logits: NdArray, indices: NdArray, options?: LogProbOptions): Answer<NdArray, M>;
}

/** The filters, as one number for all rows. */
type Filters = {
  readonly [Name in keyof Omit<FilterOptions, "mask" | "order">]?: number | null | undefined;
} & Pick<FilterOptions, "mask" | "order">;

/** Options of `createTokenSampler`, in the order in which they act. All are optional; left out, the model's distribution is drawn from. */
export interface TokenSamplerOptions<M extends Mode = Mode> extends Filters {
  /**
   * The key: the same key gives the same reply. A step draws under `foldIn(foldIn(key, row), position)`. Left out: the next
   * key of the default stream; `sampler.key` tells which.
   */
  readonly key?: Key | null | undefined;
  /** Added to the logits of tokens: a `Map`, or an object, from token id to a number, −∞ to forbid the token. */
  readonly logitBias?: ReadonlyMap<number, number> | Readonly<Record<number, number>> | null | undefined;
  /** r > 0, for each token of the history, once: its logit l becomes `l > 0 ? l/r : l·r`. 1 is off. */
  readonly repetitionPenalty?: number | null | undefined;
  /** α: a token that occurs c times in the output loses `α·c`. 0 is off. */
  readonly frequencyPenalty?: number | null | undefined;
  /** α: a token that occurs in the output loses `α`. 0 is off. */
  readonly presencePenalty?: number | null | undefined;
  /**
   * Penalties look at so many last tokens of the history, prompt included, as in llama.cpp: an integer ≥ 1. Left out: at the
   * whole history for repetition, at the output for frequency and presence, as in vLLM.
   */
  readonly penaltyWindow?: number | null | undefined;
  /** τ, which divides the logits: a number in [2⁻⁴⁰, 2⁴⁰], or 0 for the most likely token. Default 1. */
  readonly temperature?: number | null | undefined;
  /** Whether to give log-probabilities: of the token with `true`, and of the n most likely ones with a number n. Default false. */
  readonly logProbs?: boolean | number | null | undefined;
  /**
   * Whose log-probabilities: `"raw"`, the model's own, `log_softmax(logits)`; or `"processed"`, those of the distribution that
   * the token is drawn from, −∞ for what filters leave out. Default `"raw"`, as in vLLM.
   */
  readonly logProbsMode?: "raw" | "processed" | null | undefined;
  /** Draws under keys that `detectWatermark` recognises afterwards. */
  readonly watermark?: WatermarkOptions | null | undefined;
  /** What draws. Default: that of `@gumbel/wasm`, at once. */
  readonly sampler?: ArraySampler<M> | null | undefined;
}

/** Options of a watermark. */
export interface WatermarkOptions {
  /** The secret, with which the watermark is made and found. */
  readonly key: Key;
  /** How many tokens before a token choose its key: an integer ≥ 1. Default 4. */
  readonly context?: number | null | undefined;
}

/** Token ids, oldest first. */
export type Tokens = ArrayLike<number> | ArrayLike<bigint>;

/** Logits in float32; others are rounded to it. A `Uint16Array` is read as float16, as ONNX Runtime holds it. */
export type Logits = LogitData | { readonly data: LogitData; readonly shape: readonly number[] };

/** Values of logits. `Float16Array` too, where there is one. */
export type LogitData = Float32Array | Float64Array | Uint16Array | readonly number[] | Float16Like;

/** Where a step stands in its reply. */
export interface Step {
  /** Tokens so far: prompt and output. Needed for penalties, watermarks, and where `position` is left out. */
  readonly history?: Tokens | null | undefined;
  /** How many tokens of the history are the prompt; the others are output. An integer in [0, history.length]; default 0. */
  readonly promptLength?: number | null | undefined;
  /** Number of the step in its reply, an integer ≥ 0. Default `history.length`. */
  readonly position?: number | null | undefined;
  /** Number of the reply among those under the same key, an integer ≥ 0. Default 0. */
  readonly row?: number | null | undefined;
  /** The key of the reply, in place of the sampler's. */
  readonly key?: Key | null | undefined;
  /** Allowed tokens as bits, in place of the sampler's `mask`: what a grammar allows at this step. */
  readonly mask?: Int32Array | Uint32Array | null | undefined;
}

/** The same for each row of a batch. */
export interface BatchStep {
  /** Tokens so far, for each row. */
  readonly history?: readonly Tokens[] | null | undefined;
  /** How many tokens of each history are the prompt. One number for all rows, or one for each; default 0. */
  readonly promptLength?: number | readonly number[] | null | undefined;
  /** Number of the step of each row. Default the length of its history. */
  readonly position?: readonly number[] | null | undefined;
  /** Number of the reply of each row. Default 0, 1, 2, … */
  readonly row?: readonly number[] | null | undefined;
  /** The key of all replies, or one for each row. */
  readonly key?: Key | readonly Key[] | null | undefined;
  /** Allowed tokens as bits: ⌈V/32⌉ words for all rows, or as many for each. */
  readonly mask?: Int32Array | Uint32Array | null | undefined;
}

/** A token and its log-probability. */
export interface TokenLogProb {
  /** The token. */
  readonly token: number;
  /** Its log-probability. */
  readonly logProb: number;
}

/** A token that was picked. */
export interface NextToken {
  /** The token, or −1 for logits that hold NaN or +∞, or of which nothing is allowed. */
  readonly token: number;
  /** Its log-probability, with the option `logProbs`; NaN for token −1. */
  readonly logProb?: number;
  /** The n tokens of highest logit, falling, with `logProbs: n`; none for token −1. */
  readonly topLogProbs?: readonly TokenLogProb[];
}

/** Picks next tokens. It keeps nothing between calls. */
export interface TokenSampler<M extends Mode = Mode> {
  /** The key of replies that have none of their own. */
  readonly key: Key;
  /**
   * Picks the next token. The logits are not changed.
   *
   * @param logits of one row: `Float32Array`, or `{ data, shape }` whose last dimension is the vocabulary
   * @throws RangeError or TypeError for a bad argument, before anything is drawn
   * @example const { token } = sampler.next(logits, { history: tokens })
   */
  next(logits: Logits, step: Step): Answer<NextToken, M>;
  /**
   * Picks the next tokens of a batch: for each row exactly what {@link TokenSampler.next} picks of it alone.
   *
   * @param logits of shape `[B, V]`; dimensions before the last are rows
   */
  nextBatch(logits: Logits, step: BatchStep): Answer<NextToken[], M>;
}
