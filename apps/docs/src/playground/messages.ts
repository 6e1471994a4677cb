// What the playground and its worker say to each other. Draws are numbered: the page drops answers that came too late.
import type { Key, Precision } from "@gumbel/core";
import type { BackendId } from "../backends/backends.ts";

/** Asks for samples of one distribution. */
export interface DrawRequest {
  readonly type: "draw";
  readonly id: number;
  readonly backend: BackendId;
  readonly logits: readonly number[];
  readonly temperature: number;
  readonly key: Key;
  /** How many soft samples beside the first. */
  readonly samples: number;
}

/** Asks how often two categories share the largest noise of a row. Always on the reference. */
export interface TieRequest {
  readonly type: "ties";
  readonly id: number;
  readonly precision: Precision;
  readonly columns: number;
  readonly rows: number;
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
      /** Gradient of the first sample's first value with respect to the logits. */
      readonly gradient: Float32Array;
    }
  | { readonly type: "tied"; readonly id: number; readonly done: number; readonly ties: number }
  | { readonly type: "error"; readonly id: number; readonly message: string };
