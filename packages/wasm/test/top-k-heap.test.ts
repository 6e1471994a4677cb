// The heap keeps what a sort would put first.
import { expect, test } from "vitest";
import { clear, createHeap, push, sort } from "../src/kernels/top-k-heap.ts";

test.each([1, 2, 3, 10, 100, 300])(
  "keeps the %i largest, sorted, and of equal values the lower indices",
  (k) => {
    const heap = createHeap(k);
    for (const length of [1, 5, 100, 1000]) {
      // Few different values, so that many are equal.
      const values = Array.from({ length }, (_, i) => Math.round(8 * Math.sin(i * 12.9898)));
      clear(heap);
      values.forEach((value, index) => {
        if (value > heap.least) push(heap, value, index);
      });
      sort(heap);
      const due = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
      expect(Array.from(heap.indices.subarray(0, heap.size))).toEqual(due.slice(0, k));
      expect(Array.from(heap.values.subarray(0, heap.size))).toEqual(due.slice(0, k).map((i) => values[i]));
    }
  },
);
