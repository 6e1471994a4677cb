// The page's side of the sampling worker: one draw at a time, then the latest request; older ones are dropped.
import type { DrawRequest, NoiseCounts, NoiseRequest, PlaygroundEvent } from "./messages.ts";

/** A finished draw. */
export type Drawn = Extract<PlaygroundEvent, { type: "drawn" }>;

/** Draws in a worker. */
export interface SamplingService {
  /** Requests a draw; an older request that has not started is dropped. */
  draw(wish: Omit<DrawRequest, "type" | "id">): void;
  /** Counts ties and upsets in rows of noise, calling `onProgress` in between. Never settles when it is stopped. */
  countNoise(
    wish: Omit<NoiseRequest, "type" | "id">,
    onProgress: (counts: NoiseCounts) => void,
  ): Promise<void>;
  stopCounting(): void;
  close(): void;
}

/** Creates the service. Draws and counts have a worker each, so that counting never delays a draw. */
export function createSamplingService(
  onDrawn: (drawn: Drawn) => void,
  onError: (message: string) => void,
): SamplingService {
  const start = () => new Worker(new URL("./sampling.worker.ts", import.meta.url), { type: "module" });
  let drawing: Worker | undefined;
  let counting: Worker | undefined;
  let id = 0;
  let busy = false;
  let next: DrawRequest | undefined;

  const send = (request: DrawRequest) => {
    busy = true;
    drawing ??= startDrawing();
    drawing.postMessage(request);
  };
  const startDrawing = () => {
    const worker = start();
    worker.onerror = ({ message }) => onError(message || "the worker did not start");
    worker.onmessage = ({ data }: MessageEvent<PlaygroundEvent>) => {
      busy = false;
      if (data.type === "drawn") onDrawn(data);
      if (data.type === "error") onError(data.message);
      if (next !== undefined) {
        const request = next;
        next = undefined;
        send(request);
      }
    };
    return worker;
  };
  return {
    draw(wish) {
      const request: DrawRequest = { type: "draw", id: ++id, ...wish };
      if (busy) next = request;
      else send(request);
    },
    countNoise(wish, onProgress) {
      counting ??= start();
      const worker = counting;
      const request: NoiseRequest = { type: "noise", id: ++id, ...wish };
      return new Promise((resolve, reject) => {
        worker.onerror = ({ message }) => reject(new Error(message || "the worker did not start"));
        worker.onmessage = ({ data }: MessageEvent<PlaygroundEvent>) => {
          if (data.id !== request.id) return;
          if (data.type === "error") reject(new Error(data.message));
          if (data.type !== "counted") return;
          onProgress(data);
          if (data.rows === request.rows) resolve();
        };
        worker.postMessage(request);
      });
    },
    stopCounting() {
      counting?.terminate();
      counting = undefined;
    },
    close() {
      drawing?.terminate();
      counting?.terminate();
    },
  };
}
