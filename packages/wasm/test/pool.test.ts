// What the pool does with memory and messages, without a worker.
import { expect, test } from "vitest";
import type { Places, Task } from "../src/engine/task.ts";
import { createCopies } from "../src/pool/create-copies.ts";
import { lengthOf, messagesOf, packTasks } from "../src/pool/messages.ts";

const places: Places = { first: 100, second: 200, room: 1000, part: 100, limit: 1000 };

/** A task of so many inputs, all of one value, and so many results. */
function taskOf(value: number, length: number, results = length): Task {
  const input = { length, load: (target: Float32Array) => void target.fill(value) };
  return { first: input, calls: [["bits", value]], from: "first", length: results, take() {} };
}

test("tasks go into as many messages as are wanted, in their order and evenly", () => {
  const tasks = Array.from({ length: 10 }, (_, i) => taskOf(i, 16));
  const messages = messagesOf(tasks, 4, 1000);
  expect(messages.flat()).toEqual(tasks);
  expect(messages.map(({ length }) => length).toSorted()).toEqual([2, 2, 3, 3]);
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
  const [first, second] = packTasks(tasks, buffer, places);
  expect([first.start, second.start, buffer.byteLength]).toEqual([0, 20, 32]);
  expect(Array.from(new Float32Array(buffer))).toEqual([1, 1, 0, 0, 0, 2, 2, 2]);
  expect(second).toMatchObject({ calls: [["bits", 2]], place: 100, length: 3 });
});

test("memory of copies is used again, and a copy is never seen by two", () => {
  const copies = createCopies();
  const values = Float32Array.of(1, 2, 3);
  const [first, other] = [copies.take(values), copies.take(values)];
  expect(first.buffer).not.toBe(other.buffer);
  copies.giveBack(first);
  const again = copies.take(Float32Array.of(4, 5));
  expect(again.buffer).toBe(first.buffer);
  expect(Array.from(again.subarray(0, 2))).toEqual([4, 5]);
  expect(Array.from(other)).toEqual([1, 2, 3]);
});

test("no more than 32 MiB of copies are kept, and no large array for small values", () => {
  const copies = createCopies();
  const held = Array.from({ length: 5 }, () => copies.take(new Float32Array(2 ** 21)));
  for (const copy of held) copies.giveBack(copy);
  const taken = held.map(() => copies.take(new Float32Array(2 ** 21)));
  expect(taken.filter(({ buffer }) => held.some((copy) => copy.buffer === buffer))).toHaveLength(4);
  for (const copy of taken) copies.giveBack(copy);
  expect(copies.take(new Float32Array(3))).toHaveLength(3);
});
