// What the page and the suite's worker say to each other.
import type { CaseResult, ConformanceReport } from "@gumbel/core/conformance";
import type { BackendId } from "../backends/backends.ts";

/** Starts a run; a worker takes one. */
export interface RunRequest {
  readonly backend: BackendId;
  readonly quick: boolean;
}

/** What the worker answers: progress, then one of the last two. */
export type RunEvent =
  | { readonly type: "result"; readonly result: CaseResult; readonly done: number; readonly total: number }
  | { readonly type: "report"; readonly report: ConformanceReport; readonly pretty: string }
  | { readonly type: "error"; readonly message: string };
