// Gumbel-top-k: the k best of a row are kept in a heap whose root is the worst of them.
import { type ResolvedTopK, sizeOf } from "@gumbel/core/adapter";
import type { Operation, Places } from "../engine/task.ts";
import { perturbed } from "./noise.ts";
import { startOf } from "./rows.ts";

/** The `k` largest perturbed logits of each row, descending, and their categories. */
export function* topKOf(
  places: Places,
  logits: Float32Array,
  { rows: layout, noise, k, outputShape }: ResolvedTopK,
): Operation<{ values: Float32Array<ArrayBuffer>; indices: Int32Array<ArrayBuffer> }> {
  const { outer, classes, inner } = layout;
  const values = new Float32Array(sizeOf(outputShape));
  const indices = new Int32Array(values.length);
  if (values.length === 0) return { values, indices };
  const z = yield* perturbed(places, logits, noise, 0, logits.length);
  const heap = new Int32Array(k);
  for (let row = 0; row < outer * inner; row++) {
    const start = startOf(row, layout);
    const isSound = selectBest(z, start, classes, inner, heap);
    let to = startOf(row, { ...layout, classes: k });
    for (let place = 0; place < k; place++, to += inner) {
      const value = isSound ? z[start + heap[place] * inner] : Number.NaN;
      values[to] = value;
      indices[to] = value > Number.NEGATIVE_INFINITY ? heap[place] : -1;
    }
  }
  return { values, indices };
}

/** Fills `heap` with the best classes of a row, best first; the lower class on a tie. False where the row is degenerate. */
function selectBest(
  z: Float32Array,
  start: number,
  classes: number,
  stride: number,
  heap: Int32Array,
): boolean {
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
  let isMasked = true;
  for (let j = 0, at = start; j < classes; j++, at += stride) {
    // False for NaN and +∞.
    if (!(z[at] < Number.POSITIVE_INFINITY)) return false;
    isMasked &&= z[at] === Number.NEGATIVE_INFINITY;
  }
  if (isMasked) return false;
  for (let j = 0; j < k; j++) heap[j] = j;
  for (let place = (k >> 1) - 1; place >= 0; place--) siftDown(place, k);
  let worst = z[start + heap[0] * stride];
  for (let j = k, at = start + k * stride; j < classes; j++, at += stride) {
    // A later class loses a tie, so only a greater value enters.
    if (!(z[at] > worst)) continue;
    heap[0] = j;
    siftDown(0, k);
    worst = z[start + heap[0] * stride];
  }
  // Taking the worst away again and again leaves the best in front.
  for (let size = k - 1; size > 0; size--) {
    const last = heap[0];
    heap[0] = heap[size];
    heap[size] = last;
    siftDown(0, size);
  }
  return true;
}
