import { expect, test } from "vitest";
import { createCopies } from "../src/pool/create-copies.ts";

test("copies that are held have memory of their own, and returned memory is used again", () => {
  const copies = createCopies();
  const [a, b] = [copies.take(Float32Array.of(1, 2, 3, 4)), copies.take(Float32Array.of(5, 6, 7, 8))];
  expect([[...a], [...b]]).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  copies.giveBack(a);
  const shorter = copies.take(Float32Array.of(9, 10));
  expect(shorter.buffer).toBe(a.buffer);
  expect([...shorter]).toEqual([9, 10]);
  // Neither too short nor much too long.
  copies.giveBack(shorter);
  for (const length of [1, 5]) expect(copies.take(new Float32Array(length)).buffer).not.toBe(a.buffer);
});

test("32 MiB are kept, and the oldest go first", () => {
  const copies = createCopies();
  const half = new Float32Array(2 ** 22);
  const three = [copies.take(half), copies.take(half), copies.take(half)];
  for (const copy of three) copies.giveBack(copy);
  const buffers = three.map(({ buffer }) => buffer);
  expect([copies.take(half).buffer, copies.take(half).buffer]).toEqual(buffers.slice(1));
  expect(buffers).not.toContain(copies.take(half).buffer);
});
