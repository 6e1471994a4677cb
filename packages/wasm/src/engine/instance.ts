// An instance of the engine on this thread, which runs tasks and kernels.
import type { EngineExports } from "./engine-exports.ts";
import type { MemoryLayout, Steps, Task } from "./kernel.ts";

/** Bytes of a page of memory. */
const PAGE = 65_536;

/** An instance with its memory of 2.3 MB, or what the longest filtered row took. Nothing in it outlives a task. */
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
  const resultAddress = exports.RESULT.value as number;
  let views = viewsOf(exports.memory.buffer as ArrayBuffer);

  /** Arrays over the memory, which are made again when it grows. The first buffer runs to the end. */
  function viewsOf(buffer: ArrayBuffer) {
    return {
      bytes: buffer.byteLength,
      first: new Float32Array(buffer, memory.first),
      second: new Float32Array(buffer, memory.second, memory.room),
      floats: new Float32Array(buffer, resultAddress, 2),
      doubles: new Float64Array(buffer, resultAddress + 8, 1),
    };
  }

  function run(task: Task): void {
    if (task.bytes !== undefined && task.bytes > views.bytes) {
      exports.memory.grow(Math.ceil((task.bytes - views.bytes) / PAGE));
      views = viewsOf(exports.memory.buffer as ArrayBuffer);
    }
    const { first, second, floats, doubles } = views;
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
