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
  ask(message: Start | Request, transferred?: readonly ArrayBuffer[]): Promise<unknown>;
  end(error: Error): void;
}

/** A message that a worker may have. */
interface Slot {
  readonly worker: PoolWorker;
  /** Goes to the worker and back with each message: fresh memory would cost a tenth to a third more processor time. */
  buffer: ArrayBuffer;
}

/** Messages that a worker may have at once: while it works on one, the next is packed. */
const SLOTS = 2;

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

  // Every worker has its first message before one has its second.
  const free: Slot[] = [];
  for (let i = 0; i < SLOTS; i++)
    for (const worker of workers) free.push({ worker, buffer: new ArrayBuffer(0) });
  const waiting: ((slot: Slot) => void)[] = [];
  const acquire = (): Promise<Slot> => {
    const slot = free.shift();
    return slot === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(slot);
  };
  const release = (slot: Slot): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(slot);
    else next(slot);
  };

  async function run(slot: Slot, tasks: readonly Task[]): Promise<void> {
    const bytes = 4 * lengthOf(tasks);
    const buffer = slot.buffer.byteLength < bytes ? new ArrayBuffer(bytes) : slot.buffer;
    const requests = packTasks(tasks, buffer, memory);
    // Transferred until the answer brings it back; if none does, the next message makes another.
    slot.buffer = new ArrayBuffer(0);
    const request: Request = { buffer, tasks: requests };
    const answer = (await slot.worker.ask(request, [buffer])) as Response;
    slot.buffer = answer.buffer;
    tasks.forEach((task, i) => {
      task.take(new Float32Array(answer.buffer, requests[i].start, task.length), answer.scalars[i]);
    });
  }

  async function complete<Result>(
    size: number,
    begin: (memory: MemoryLayout) => Steps<Result>,
  ): Promise<Result> {
    const messages = count * SLOTS;
    const steps = begin({ ...memory, limit: Math.min(memory.room, Math.ceil(size / messages)) });
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      const errors: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const message of messagesOf([...value], messages, memory.room)) {
        // A message is made when there is a slot for it, so no more inputs are held than there are slots.
        const slot = await acquire();
        running.push(
          run(slot, message)
            .catch((error: unknown) => void errors.push(error))
            .finally(() => release(slot)),
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
