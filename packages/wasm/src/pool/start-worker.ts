// Starts a module worker in browsers and Deno, or a thread in Node. An idle worker does not keep Node from ending.
import { WORKER_SOURCE } from "./worker-source.ts";

/** A worker of any host. */
export interface Port {
  /** Sends a message. Buffers that are transferred must not be used afterwards. */
  post(message: unknown, transferred?: readonly ArrayBuffer[]): void;
  /** Whether Node must wait for the worker. */
  hold(isBusy: boolean): void;
  end(): void;
}

/** Takes what a worker sends. */
export interface Listener {
  onMessage(message: unknown): void;
  onError(error: Error): void;
}

/**
 * Starts a worker.
 * @throws Error where there are no workers, or where a content security policy forbids them
 */
export function startWorker(listener: Listener): Port {
  return typeof Worker === "function" ? startWebWorker(listener) : startThread(listener);
}

function startWebWorker({ onMessage, onError }: Listener): Port {
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }) => {
    URL.revokeObjectURL(url);
    onMessage(data);
  };
  worker.onerror = ({ message }) => {
    URL.revokeObjectURL(url);
    const hint = 'a content security policy must allow it: "worker-src blob:"';
    onError(new Error(`a worker of @gumbel/wasm failed: ${message || hint}`));
  };
  return {
    post: (message, transferred = []) => worker.postMessage(message, [...transferred]),
    hold() {},
    end: () => worker.terminate(),
  };
}

function startThread({ onMessage, onError }: Listener): Port {
  // Not imported: bundlers for browsers would look for it.
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (threads === undefined) throw new Error("workers must be 0 here: this engine has no workers");
  const worker = new threads.Worker(WORKER_SOURCE, { eval: true });
  worker.on("message", onMessage);
  worker.on("error", onError);
  return {
    post: (message, transferred = []) => worker.postMessage(message, transferred),
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}
