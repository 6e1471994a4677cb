// Messages between the page and the bench's worker.
import type { BrowserFigure } from "@gumbel-tools/bench/browser";

/** Operations that are measured here. */
export type TimedOperation = "categorical" | "gumbelSoftmax";

/** Starts a measurement; a worker takes one. */
export interface BenchRequest {
  readonly shape: readonly [rows: number, classes: number];
}

/** Messages of the worker: progress, the figures of each operation, and at the end that it is done or an error message. */
export type BenchEvent =
  | { readonly type: "progress"; readonly what: string }
  | {
      readonly type: "figures";
      readonly operation: TimedOperation;
      readonly figures: readonly BrowserFigure[];
    }
  | { readonly type: "end"; readonly what: string };
