// Workers that do the tasks of operations, as many at once as there are workers. Their number changes no bit of a result: tasks
// depend on nothing but their inputs, and what belongs together is brought together in the order of its places.
import type { Instance } from "../engine/instance.ts";
import type { Operation, Places, Task } from "../engine/task.ts";
import { lengthOf, messagesOf, packTasks } from "./messages.ts";
import { type Port, startWorker } from "./start-worker.ts";
import type { Failure, Request, Response, Start } from "./worker-source.ts";

/** A number of workers with an instance each. */
export interface Pool {
  /**
   * Does an operation, the tasks of each step at once.
   *
   * @param size elements that it is about
   * @param start makes it, for tasks of the size that it is given
   */
  complete<Result>(size: number, start: (places: Places) => Operation<Result>): Promise<Result>;
  /** Ends the workers; what is under way rejects. */
  dispose(): void;
}

interface PoolWorker {
  ask(message: Start | Request, transferred?: readonly ArrayBuffer[]): Promise<unknown>;
  end(error: Error): void;
}

/** A place in a worker's queue, with the buffer that goes there and back. */
interface Slot {
  readonly worker: PoolWorker;
  buffer: ArrayBuffer;
}

/** Messages that a worker is sent at once: while it is at one, the next is already there. */
const QUEUE = 2;

/** Steps of fewer elements are done on this thread: a message costs as much as some thousand elements of an easy task. */
const SMALL_STEP = 4096;

/** Starts workers and gives each the engine. */
export async function createPool(
  module: WebAssembly.Module,
  count: number,
  { places, run: runHere }: Instance,
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

  // Taken from the front and given back at the end: every worker has its first task before one has its second.
  const free: Slot[] = [];
  for (let place = 0; place < QUEUE; place++) {
    free.push(...workers.map((worker) => ({ worker, buffer: new ArrayBuffer(0) })));
  }
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
    if (slot.buffer.byteLength < bytes) slot.buffer = new ArrayBuffer(bytes);
    const { buffer } = slot;
    const requests = packTasks(tasks, buffer, places);
    // It is gone until the answer brings it back; if none does, the next message makes another.
    slot.buffer = new ArrayBuffer(0);
    const request: Request = { buffer, tasks: requests };
    const answer = (await slot.worker.ask(request, [buffer])) as Response;
    slot.buffer = answer.buffer;
    tasks.forEach((task, i) => {
      task.take(new Float32Array(answer.buffer, requests[i].start, task.length), answer.masses[i]);
    });
  }

  async function complete<Result>(
    size: number,
    begin: (places: Places) => Operation<Result>,
  ): Promise<Result> {
    const messages = count * QUEUE;
    const operation = begin({ ...places, limit: Math.min(places.room, Math.ceil(size / messages)) });
    for (;;) {
      const { done, value } = operation.next();
      if (done === true) return value;
      const tasks = [...value];
      if (lengthOf(tasks) < SMALL_STEP) {
        for (const task of tasks) runHere(task);
        continue;
      }
      const errors: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const message of messagesOf(tasks, messages, places.room)) {
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
