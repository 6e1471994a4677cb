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

  const idle = [...workers];
  const waiting: ((worker: PoolWorker) => void)[] = [];
  const acquire = (): Promise<PoolWorker> => {
    const worker = idle.pop();
    return worker === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(worker);
  };
  const release = (worker: PoolWorker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };

  async function run(worker: PoolWorker, task: Task): Promise<void> {
    const inputs = (["first", "second"] as const).flatMap((buffer) => {
      const input = task[buffer];
      if (input === undefined) return [];
      const values = new Float32Array(input.length);
      input.load(values);
      return [{ place: places[buffer], values }];
    });
    const request: Request = { inputs, calls: task.calls, place: places[task.from], length: task.length };
    const transferred = inputs.map(({ values }) => values.buffer);
    const { results, top, sum } = (await worker.ask(request, transferred)) as Response;
    task.take(results, { top, sum });
  }

  async function complete<Result>(operation: Operation<Result>): Promise<Result> {
    for (;;) {
      const { done, value } = operation.next();
      if (done === true) return value;
      const errors: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const task of value) {
        // One task is made when a worker is there for it, so no more inputs are held than there are workers.
        const worker = await acquire();
        running.push(
          run(worker, task)
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

/** A worker that answers one message at a time. */
function createWorker(): PoolWorker {
  let pending: { resolve(message: unknown): void; reject(error: Error): void } | undefined;
  let failure: Error | undefined;
  const settle = (): typeof pending => {
    const settled = pending;
    pending = undefined;
    port.hold(false);
    return settled;
  };
  const fail = (error: Error): void => {
    failure ??= error;
    settle()?.reject(failure);
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
        pending = { resolve, reject };
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
