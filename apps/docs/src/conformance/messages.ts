// Messages between the page and the suite's worker.
import type { CaseResult, ConformanceReport } from "@gumbel/core/conformance";
import type { BackendId } from "../backends/backends.ts";

/** Starts a run; a worker does one. */
export interface RunRequest {
  readonly backend: BackendId;
  readonly quick: boolean;
}

/** Messages of the worker: progress, then one of the last two. */
export type RunEvent =
  | { readonly type: "result"; readonly result: CaseResult; readonly done: number; readonly total: number }
  | { readonly type: "report"; readonly report: ConformanceReport; readonly pretty: string }
  | { readonly type: "error"; readonly message: string };
