// Runs the bench's browser module in a worker, one operation after the other.
import { benchBrowser } from "@gumbel-tools/bench/browser";
import type { BenchEvent, BenchRequest, TimedOperation } from "./messages.ts";

const OPERATIONS: readonly TimedOperation[] = ["categorical", "gumbelSoftmax"];

self.onmessage = async ({ data: { shape } }: MessageEvent<BenchRequest>) => {
  try {
    for (const operation of OPERATIONS) {
      const onProgress = (what: string) => post({ type: "progress", what: `${operation}: ${what}` });
      const { figures } = await benchBrowser({ operation, shape, onProgress });
      post({ type: "figures", operation, figures });
    }
    post({ type: "end", what: "done" });
  } catch (error) {
    post({ type: "end", what: error instanceof Error ? error.message : String(error) });
  }
};

function post(event: BenchEvent): void {
  self.postMessage(event);
}
