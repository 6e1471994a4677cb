// Runs the suite on one backend, off the page's thread. Loads that backend's code and no other.
import { formatPretty, runConformance } from "@gumbel/core/conformance";
import { loadTarget } from "../backends/load-target.ts";
import type { RunEvent, RunRequest } from "./messages.ts";

self.onmessage = async ({ data: { backend, quick } }: MessageEvent<RunRequest>) => {
  try {
    const target = await loadTarget(backend);
    const report = await runConformance(target, {
      quick,
      onResult: (result, done, total) => tell({ type: "result", result, done, total }),
    });
    tell({ type: "report", report, pretty: formatPretty(report) });
  } catch (error) {
    tell({ type: "error", message: error instanceof Error ? error.message : String(error) });
  }
};

function tell(event: RunEvent): void {
  self.postMessage(event);
}
