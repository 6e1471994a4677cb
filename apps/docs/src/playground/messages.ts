// Messages between the playground and its worker. Draws are numbered: the page drops late answers.
import type { Precision } from "@gumbel/core";
import type { BackendId } from "../backends/backends.ts";

/** Requests samples of one distribution. */
export interface DrawRequest {
  readonly type: "draw";
  readonly id: number;
  readonly backend: BackendId;
  readonly logits: readonly number[];
  readonly temperature: number;
  /** The key is `key(seed)`. */
  readonly seed: number;
  /** How many soft samples beside the first. */
  readonly samples: number;
  /** Category by whose logit the gradient is taken. */
  readonly towards: number;
}

/** Requests counts of ties and upsets in rows of noise over a large vocabulary. */
export interface NoiseRequest {
  readonly type: "noise";
  readonly id: number;
  readonly precision: Precision;
  readonly columns: number;
  readonly rows: number;
  /** Logit of the first category, all others having 0. */
  readonly lead: number;
}

/** Counts over rows of noise. */
export interface NoiseCounts {
  readonly rows: number;
  /** Rows whose largest noise occurs more than once. */
  readonly ties: number;
  /** Rows in which another category than the leading one was drawn. */
  readonly upsets: number;
}

/** Messages of the worker, with the id of the request. */
export type PlaygroundEvent =
  | {
      readonly type: "drawn";
      readonly id: number;
      /** Soft samples, a row each; the first is the highlighted one. */
      readonly soft: Float32Array;
      /** One-hot of the first sample. */
      readonly hard: Float32Array;
      /** Categories of all samples, by the same noise. */
      readonly counts: readonly number[];
      /** Change of the first sample for a unit of the requested logit. */
      readonly gradient: Float32Array;
    }
  | ({ readonly type: "counted"; readonly id: number } & NoiseCounts)
  | { readonly type: "error"; readonly id: number; readonly message: string };
