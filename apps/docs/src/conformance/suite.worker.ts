// Runs the suite on one backend in a worker. Loads only that backend's code.
import { formatPretty, runConformance } from "@gumbel/core/conformance";
import { loadTarget } from "../backends/load-target.ts";
import type { RunEvent, RunRequest } from "./messages.ts";

self.onmessage = async ({ data: { backend, quick } }: MessageEvent<RunRequest>) => {
  try {
    const target = await loadTarget(backend);
    const report = await runConformance(target, {
      quick,
      onResult: (result, done, total) => post({ type: "result", result, done, total }),
    });
    post({ type: "report", report, pretty: formatPretty(report) });
  } catch (error) {
    post({ type: "error", message: error instanceof Error ? error.message : String(error) });
  }
};

function post(event: RunEvent): void {
  self.postMessage(event);
}
