// Gumbel-top-k: the k best of a row are kept in a heap whose root is the worst of them.
import { type ResolvedTopK, sizeOf } from "@gumbel/core/adapter";
import { perturb } from "./perturb.ts";
import { forEachRow, maximumOf } from "./rows.ts";

/** The `k` largest perturbed logits of each row, descending, and their categories. `k` is at least 1. */
export function topKOf(
  logits: Float32Array,
  { rows, noise, k, outputShape }: ResolvedTopK,
): { values: Float32Array; indices: Int32Array } {
  const { classes, inner } = rows;
  const z = perturb(logits, rows, noise);
  const values = new Float32Array(sizeOf(outputShape));
  const indices = new Int32Array(values.length);
  const heap = new Int32Array(k);
  forEachRow(rows, (start) => {
    const degenerate = Number.isNaN(maximumOf(z, start, classes, inner));
    const from = Math.floor(start / (classes * inner)) * k * inner + (start % inner);
    if (!degenerate) selectBest(z, start, classes, inner, heap);
    for (let place = 0, to = from; place < k; place++, to += inner) {
      const value = degenerate ? Number.NaN : z[start + heap[place] * inner];
      values[to] = value;
      indices[to] = value > Number.NEGATIVE_INFINITY ? heap[place] : -1;
    }
  });
  return { values, indices };
}

/** Fills `heap` with the best classes of a row, best first; the lower class on a tie. */
function selectBest(z: Float64Array, start: number, classes: number, stride: number, heap: Int32Array): void {
  const k = heap.length;
  const isWorse = (a: number, b: number): boolean => {
    const [za, zb] = [z[start + a * stride], z[start + b * stride]];
    return za < zb || (za === zb && a > b);
  };
  const siftDown = (from: number, size: number): void => {
    const moved = heap[from];
    let place = from;
    for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && isWorse(heap[child + 1], heap[child])) child++;
      if (!isWorse(heap[child], moved)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = moved;
  };
  for (let j = 0; j < k; j++) heap[j] = j;
  for (let place = (k >> 1) - 1; place >= 0; place--) siftDown(place, k);
  for (let j = k; j < classes; j++) {
    // A later class loses a tie, so only a greater value enters.
    if (!(z[start + j * stride] > z[start + heap[0] * stride])) continue;
    heap[0] = j;
    siftDown(0, k);
  }
  // Taking the worst away again and again leaves the best in front.
  for (let size = k - 1; size > 0; size--) {
    const worst = heap[0];
    heap[0] = heap[size];
    heap[size] = worst;
    siftDown(0, size);
  }
}
