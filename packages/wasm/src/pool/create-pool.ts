// Workers that run the tasks of kernels, one message at a time each. Their number changes no bit of a result: tasks depend on
// nothing but their inputs, and partial results of a row are combined in the order of its chunks.
import type { MemoryLayout, Steps, Task } from "../engine/kernel.ts";
import { lengthOf, messagesOf, packTasks } from "./messages.ts";
import { type Port, startWorker } from "./start-worker.ts";
import type { Failure, Request, Response, Start } from "./worker-source.ts";

/** A number of workers with an instance each. */
export interface Pool {
  /**
   * Runs a kernel, the tasks of each step at once.
   *
   * @param size elements of the noise, or of the logits
   * @param start starts the kernel, with a limit of elements a task
   */
  complete<Result>(size: number, start: (memory: MemoryLayout) => Steps<Result>): Promise<Result>;
  /** Ends the workers; pending calls reject. */
  dispose(): void;
}

interface PoolWorker {
  /** Goes to the worker and back with each message: fresh memory would cost a tenth to a third more processor time. */
  buffer: ArrayBuffer;
  ask(message: Start | Request, transferred?: readonly ArrayBuffer[]): Promise<unknown>;
  end(error: Error): void;
}

/** Messages for each worker in a step, one after another: a worker that is faster takes more of them. */
const MESSAGES = 2;

/** Starts workers and gives each the engine. */
export async function createPool(
  module: WebAssembly.Module,
  count: number,
  memory: MemoryLayout,
): Promise<Pool> {
  const workers: PoolWorker[] = [];
  const dispose = (error: Error): void => {
    for (const worker of workers) worker.end(error);
  };
  try {
    for (let i = 0; i < count; i++) workers.push(createWorker());
    await Promise.all(workers.map((worker) => worker.ask({ module })));
  } catch (error) {
    dispose(error as Error);
    throw error;
  }

  const free = [...workers];
  const waiting: ((worker: PoolWorker) => void)[] = [];
  const acquire = (): Promise<PoolWorker> => {
    const worker = free.shift();
    return worker === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(worker);
  };
  const release = (worker: PoolWorker): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  };

  async function run(worker: PoolWorker, tasks: readonly Task[]): Promise<void> {
    const bytes = 4 * lengthOf(tasks);
    const buffer = worker.buffer.byteLength < bytes ? new ArrayBuffer(bytes) : worker.buffer;
    const requests = packTasks(tasks, buffer, memory);
    // Transferred until the answer brings it back; if none does, the next message makes another.
    worker.buffer = new ArrayBuffer(0);
    const request: Request = { buffer, tasks: requests };
    const answer = (await worker.ask(request, [buffer])) as Response;
    worker.buffer = answer.buffer;
    tasks.forEach((task, i) => {
      task.take(new Float32Array(answer.buffer, requests[i].start, task.length), answer.scalars[i]);
    });
  }

  async function complete<Result>(
    size: number,
    begin: (memory: MemoryLayout) => Steps<Result>,
  ): Promise<Result> {
    const messages = count * MESSAGES;
    const steps = begin({ ...memory, limit: Math.min(memory.room, Math.ceil(size / messages)) });
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      const errors: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const message of messagesOf([...value], messages, memory.room)) {
        // A message is made when a worker is free, so no more inputs are held than there are workers.
        const worker = await acquire();
        running.push(
          run(worker, message)
            .catch((error: unknown) => void errors.push(error))
            .finally(() => release(worker)),
        );
      }
      await Promise.all(running);
      if (errors.length > 0) throw errors[0];
    }
  }

  return { complete, dispose: () => dispose(new Error("the sampler is disposed; create a new one")) };
}

/** A worker that answers messages in their order. */
function createWorker(): PoolWorker {
  const pending: { resolve(message: unknown): void; reject(error: Error): void }[] = [];
  let failure: Error | undefined;
  const settle = (): (typeof pending)[number] | undefined => {
    const settled = pending.shift();
    if (pending.length === 0) port.hold(false);
    return settled;
  };
  const fail = (error: Error): void => {
    failure ??= error;
    while (pending.length > 0) settle()?.reject(failure);
  };
  const port: Port = startWorker({
    onMessage(message) {
      const { error } = message as Partial<Failure>;
      if (error === undefined) settle()?.resolve(message);
      else settle()?.reject(new Error(error));
    },
    onError: fail,
  });
  return {
    buffer: new ArrayBuffer(0),
    ask(message, transferred) {
      return new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        pending.push({ resolve, reject });
        port.hold(true);
        port.post(message, transferred);
      });
    },
    end(error) {
      fail(error);
      port.end();
    },
  };
}
