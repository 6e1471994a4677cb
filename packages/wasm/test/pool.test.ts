// What the pool does with memory and messages, without a worker.
import { expect, test } from "vitest";
import type { MemoryLayout, Task } from "../src/engine/kernel.ts";
import { lengthOf, messagesOf, packTasks } from "../src/pool/messages.ts";

const memory: MemoryLayout = { first: 100, second: 200, room: 1000, chunk: 100, limit: 1000 };

/** A task of so many inputs, all of one value, and so many results. */
function taskOf(value: number, length: number, results = length): Task {
  const input = { length, load: (target: Float32Array) => void target.fill(value) };
  return { first: input, calls: [["bits", value]], from: "first", length: results, take() {} };
}

test("tasks go into as many messages as are wanted, in their order and evenly", () => {
  const tasks = Array.from({ length: 10 }, (_, i) => taskOf(i, 16));
  const messages = messagesOf(tasks, 4, 1000);
  expect(messages.flat()).toEqual(tasks);
  expect(messages.map(({ length }) => length).sort()).toEqual([2, 2, 3, 3]);
  expect(messagesOf(tasks, 20, 1000)).toHaveLength(10);
  expect(messagesOf([], 4, 1000)).toEqual([]);
});

test("no message is longer than a worker's room, unless one task is", () => {
  const tasks = Array.from({ length: 24 }, (_, i) => taskOf(i, 250));
  for (const message of messagesOf(tasks, 2, 1000)) expect(lengthOf(message)).toBeLessThanOrEqual(1000);
  expect(messagesOf([taskOf(1, 5000)], 2, 1000)).toHaveLength(1);
});

test("tasks of a message stand one behind the other, with room for more results than inputs", () => {
  const tasks = [taskOf(1, 2, 5), taskOf(2, 3)];
  const buffer = new ArrayBuffer(4 * lengthOf(tasks));
  const [first, second] = packTasks(tasks, buffer, memory);
  expect([first.start, second.start, buffer.byteLength]).toEqual([0, 20, 32]);
  expect(Array.from(new Float32Array(buffer))).toEqual([1, 1, 0, 0, 0, 2, 2, 2]);
  expect(second).toMatchObject({ calls: [["bits", 2]], address: 100, length: 3 });
});
