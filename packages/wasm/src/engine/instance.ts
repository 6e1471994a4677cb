// An instance of the engine on this thread, which runs tasks and kernels.
import type { EngineExports } from "./engine-exports.ts";
import type { MemoryLayout, Steps, Task } from "./kernel.ts";

/** An instance with its memory of 2.3 MB, which never grows. Nothing in it outlives a task. */
export interface Instance {
  readonly memory: MemoryLayout;
  /** Runs one task. */
  run(task: Task): void;
  /** Runs a kernel, task by task. */
  complete<Result>(steps: Steps<Result>): Result;
}

/** Wraps an instance of the engine, which imports nothing. */
export function createInstance(instance: WebAssembly.Instance): Instance {
  const exports = instance.exports as unknown as EngineExports;
  const memory = layoutOf(exports);
  const buffer = exports.memory.buffer as ArrayBuffer;
  const first = new Float32Array(buffer, memory.first, memory.room);
  const second = new Float32Array(buffer, memory.second, memory.room);
  const resultAddress = exports.RESULT.value as number;
  const floats = new Float32Array(buffer, resultAddress, 2);
  const doubles = new Float64Array(buffer, resultAddress + 8, 1);

  function run(task: Task): void {
    task.first?.load(first.subarray(0, task.first.length));
    task.second?.load(second.subarray(0, task.second.length));
    for (const [name, ...numbers] of task.calls) exports[name](...numbers);
    const results = (task.from === "first" ? first : second).subarray(0, task.length);
    task.take(results, [floats[0], floats[1], doubles[0]]);
  }

  function complete<Result>(steps: Steps<Result>): Result {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      for (const task of value) run(task);
    }
  }

  return { memory, run, complete };
}

function layoutOf(exports: EngineExports): MemoryLayout {
  const [first, second, room, chunk] = [exports.FIRST, exports.SECOND, exports.ROOM, exports.CHUNK].map(
    (global) => global.value as number,
  );
  return { first, second, room, chunk, limit: room };
}
