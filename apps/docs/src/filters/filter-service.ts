// The page's side of the filter worker: one request at a time, then the latest; older ones are dropped.
import type { FilterAnswer, FilterEvent, FilterRequest } from "./messages.ts";

/** Explains filters in a worker. */
export interface FilterService {
  /** Asks for an answer; an older request that has not started is dropped. */
  ask(request: FilterRequest): void;
  close(): void;
}

/** Starts the worker. */
export function createFilterService(
  onAnswer: (answer: FilterAnswer) => void,
  onError: (message: string) => void,
): FilterService {
  const worker = new Worker(new URL("./filter.worker.ts", import.meta.url), { type: "module" });
  let isBusy = false;
  let next: FilterRequest | undefined;
  const send = (request: FilterRequest) => {
    isBusy = true;
    worker.postMessage(request);
  };
  worker.onerror = ({ message }) => onError(message || "the worker did not start");
  worker.onmessage = ({ data }: MessageEvent<FilterEvent>) => {
    isBusy = false;
    if ("answer" in data) onAnswer(data.answer);
    else onError(data.error);
    if (next !== undefined) send(next);
    next = undefined;
  };
  return {
    ask(request) {
      if (isBusy) next = request;
      else send(request);
    },
    close: () => worker.terminate(),
  };
}
