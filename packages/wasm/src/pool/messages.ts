// Packs the tasks of a step into messages: a message costs both sides some 20 µs, whatever its size. Sends nothing.
import type { MemoryLayout, Task } from "../engine/kernel.ts";
import type { TaskRequest } from "./worker-source.ts";

/** Elements of the buffer that a message of these tasks needs: each one's inputs, or its results in the same place. */
export function lengthOf(tasks: readonly Task[]): number {
  return tasks.reduce((sum, task) => sum + roomOf(task), 0);
}

function roomOf({ first, second, length }: Task): number {
  return Math.max((first?.length ?? 0) + (second?.length ?? 0), length);
}

/**
 * Cuts tasks, in their order, into messages of as many tasks each, give or take one.
 *
 * @param wanted how many messages, where there are as many tasks and none becomes longer than `most`
 * @param most elements of a message, unless one task has more
 */
export function messagesOf(tasks: readonly Task[], wanted: number, most: number): (readonly Task[])[] {
  const count = Math.min(tasks.length, Math.max(wanted, Math.ceil(lengthOf(tasks) / most)));
  return Array.from({ length: count }, (_, i) =>
    tasks.slice(Math.round((i * tasks.length) / count), Math.round(((i + 1) * tasks.length) / count)),
  );
}

/**
 * Writes the inputs of tasks into the buffer of a message, one task after another.
 *
 * @returns the tasks as workers get them
 */
export function packTasks(tasks: readonly Task[], buffer: ArrayBuffer, memory: MemoryLayout): TaskRequest[] {
  let end = 0;
  return tasks.map((task) => {
    const { first, second, calls, bytes = 0, from, length } = task;
    const start = end;
    end += 4 * roomOf(task);
    const sizes = [first?.length ?? 0, second?.length ?? 0];
    first?.load(new Float32Array(buffer, start, sizes[0]));
    second?.load(new Float32Array(buffer, start + 4 * sizes[0], sizes[1]));
    const inputs = [
      { address: memory.first, length: sizes[0] },
      { address: memory.second, length: sizes[1] },
    ];
    return { start, inputs, calls, bytes, address: memory[from], length };
  });
}
