// What the page and the bench's worker say to each other.
import type { BrowserFigure } from "@gumbel-tools/bench/browser";

/** Operations that are measured here. */
export type TimedOperation = "categorical" | "gumbelSoftmax";

/** Starts a measurement; a worker takes one. */
export interface BenchRequest {
  readonly shape: readonly [rows: number, classes: number];
}

/** What the worker answers: progress, the figures of each operation, and then that it is done, or what went wrong. */
export type BenchEvent =
  | { readonly type: "progress"; readonly what: string }
  | {
      readonly type: "figures";
      readonly operation: TimedOperation;
      readonly figures: readonly BrowserFigure[];
    }
  | { readonly type: "end"; readonly what: string };
