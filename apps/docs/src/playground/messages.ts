// What the playground and its worker say to each other. Draws are numbered: the page drops answers that came too late.
import type { Precision } from "@gumbel/core";
import type { BackendId } from "../backends/backends.ts";

/** Asks for samples of one distribution. */
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
  /** Category whose logit the gradient is of. */
  readonly towards: number;
}

/** Asks for noise of a large vocabulary, row after row, and for what its precision does to the winners. */
export interface NoiseRequest {
  readonly type: "noise";
  readonly id: number;
  readonly precision: Precision;
  readonly columns: number;
  readonly rows: number;
  /** Logit of the first category, all others having 0. */
  readonly lead: number;
}

/** What was seen in rows of noise. */
export interface NoiseCounts {
  readonly rows: number;
  /** Rows whose largest noise came more than once. */
  readonly ties: number;
  /** Rows in which another category than the leading one was drawn. */
  readonly upsets: number;
}

/** What the worker answers, with the id of the request. */
export type PlaygroundEvent =
  | {
      readonly type: "drawn";
      readonly id: number;
      /** Soft samples, a row each; the first is the one that is pointed at. */
      readonly soft: Float32Array;
      /** One-hot of the first sample. */
      readonly hard: Float32Array;
      /** Categories of all samples, by the same noise. */
      readonly counts: readonly number[];
      /** Change of the first sample for a unit of the logit asked for. */
      readonly gradient: Float32Array;
    }
  | ({ readonly type: "counted"; readonly id: number } & NoiseCounts)
  | { readonly type: "error"; readonly id: number; readonly message: string };
