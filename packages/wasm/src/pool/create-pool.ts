// Workers that do the tasks of operations, as many at once as there are workers. Their number changes no bit of a result: tasks
// depend on nothing but their inputs, and what belongs together is brought together in the order of its places.
import type { Operation, Places, Task } from "../engine/task.ts";
import { type Port, startWorker } from "./start-worker.ts";
import type { Failure, Request, Response, Start } from "./worker-source.ts";

/** A number of workers with an instance each. */
export interface Pool {
  /** Does an operation, the tasks of each step at once. */
  complete<Result>(operation: Operation<Result>): Promise<Result>;
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

/** Tasks that a worker is given at once: while it is at one, the next is already there. */
const QUEUE = 2;

/** Starts workers and gives each the engine. */
export async function createPool(module: WebAssembly.Module, count: number, places: Places): Promise<Pool> {
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

  async function run(slot: Slot, task: Task): Promise<void> {
    const { first, second, calls, length } = task;
    const sizes = [first?.length ?? 0, second?.length ?? 0];
    const bytes = 4 * Math.max(sizes[0] + sizes[1], length);
    if (slot.buffer.byteLength < bytes) slot.buffer = new ArrayBuffer(bytes);
    const { buffer } = slot;
    first?.load(new Float32Array(buffer, 0, sizes[0]));
    second?.load(new Float32Array(buffer, 4 * sizes[0], sizes[1]));
    const inputs = [
      { place: places.first, length: sizes[0] },
      { place: places.second, length: sizes[1] },
    ];
    const request: Request = { buffer, inputs, calls, place: places[task.from], length };
    // It is gone until the answer brings it back; if none does, the next task makes another.
    slot.buffer = new ArrayBuffer(0);
    const answer = (await slot.worker.ask(request, [buffer])) as Response;
    slot.buffer = answer.buffer;
    task.take(new Float32Array(answer.buffer, 0, length), { top: answer.top, sum: answer.sum });
  }

  async function complete<Result>(operation: Operation<Result>): Promise<Result> {
    for (;;) {
      const { done, value } = operation.next();
      if (done === true) return value;
      const errors: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const task of value) {
        // A task is made when there is a slot for it, so no more inputs are held than there are slots.
        const slot = await acquire();
        running.push(
          run(slot, task)
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
