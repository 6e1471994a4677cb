// Runs the bench's module for browsers off the page's thread, one operation after the other.
import { benchBrowser } from "@gumbel-tools/bench/browser";
import type { BenchEvent, BenchRequest, TimedOperation } from "./messages.ts";

const OPERATIONS: readonly TimedOperation[] = ["categorical", "gumbelSoftmax"];

self.onmessage = async ({ data: { shape } }: MessageEvent<BenchRequest>) => {
  try {
    for (const operation of OPERATIONS) {
      const onProgress = (what: string) => tell({ type: "progress", what: `${operation}: ${what}` });
      const { figures } = await benchBrowser({ operation, shape, onProgress });
      tell({ type: "figures", operation, figures });
    }
    tell({ type: "end", what: "done" });
  } catch (error) {
    tell({ type: "end", what: error instanceof Error ? error.message : String(error) });
  }
};

function tell(event: BenchEvent): void {
  self.postMessage(event);
}
