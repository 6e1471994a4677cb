// An instance of the engine on this thread: its memory as arrays, and how it does tasks.
import { type EngineExports, instantiateEngine } from "./instantiate.ts";
import type { Operation, Places, Task } from "./task.ts";

/** An instance with its memory of 2.3 MB, which never grows. Nothing in it outlives a task. */
export interface Instance {
  readonly places: Places;
  /** Does one task. */
  run(task: Task): void;
  /** Does an operation, task by task. */
  complete<Result>(operation: Operation<Result>): Result;
}

/** Makes an instance. */
export async function createInstance(module: WebAssembly.Module): Promise<Instance> {
  const exports = await instantiateEngine(module);
  const places = placesOf(exports);
  const buffer = exports.memory.buffer as ArrayBuffer;
  const first = new Float32Array(buffer, places.first, places.room);
  const second = new Float32Array(buffer, places.second, places.room);
  const resultPlace = exports.RESULT.value as number;
  const top = new Float32Array(buffer, resultPlace, 1);
  const sum = new Float64Array(buffer, resultPlace + 8, 1);

  function run(task: Task): void {
    task.first?.load(first.subarray(0, task.first.length));
    task.second?.load(second.subarray(0, task.second.length));
    for (const [name, ...numbers] of task.calls) exports[name](...numbers);
    const results = (task.from === "first" ? first : second).subarray(0, task.length);
    task.take(results, { top: top[0], sum: sum[0] });
  }

  function complete<Result>(operation: Operation<Result>): Result {
    for (;;) {
      const { done, value } = operation.next();
      if (done === true) return value;
      for (const task of value) run(task);
    }
  }

  return { places, run, complete };
}

function placesOf(exports: EngineExports): Places {
  const [first, second, room, part] = [exports.FIRST, exports.SECOND, exports.ROOM, exports.PART].map(
    (global) => global.value as number,
  );
  return { first, second, room, part, limit: room };
}
