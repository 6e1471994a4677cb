// Runs the suite in its own worker and forwards the worker's messages.
import type { ConformanceReport } from "@gumbel/core/conformance";
import type { RunEvent, RunRequest } from "./messages.ts";

/** Result of a run. */
export interface Outcome {
  readonly report: ConformanceReport;
  /** The report as text. */
  readonly pretty: string;
}

/**
 * Runs the suite on one backend. Rejects when the backend does not start, or with the signal's reason.
 * @param onProgress called after each case
 */
export function runSuite(
  request: RunRequest,
  onProgress: (event: Extract<RunEvent, { type: "result" }>) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./suite.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Outcome>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.onerror = ({ message }) => reject(new Error(message || "the worker did not start"));
    worker.onmessage = ({ data }: MessageEvent<RunEvent>) => {
      if (data.type === "result") onProgress(data);
      else if (data.type === "report") resolve({ report: data.report, pretty: data.pretty });
      else reject(new Error(data.message));
    };
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
