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
  for (let j = 0, at = start; j < k; j++, at += stride) {
    // False for NaN and +∞.
    if (!(z[at] < Number.POSITIVE_INFINITY)) return false;
    heap[j] = j;
  }
  for (let place = (k >> 1) - 1; place >= 0; place--) siftDown(heap, place, k, z, start, stride);
  let worst = z[start + heap[0] * stride];
  for (let j = k, at = start + k * stride; j < classes; j++, at += stride) {
    const value = z[at];
    // A later class loses a tie, so only a greater value enters.
    if (value <= worst) continue;
    if (!(value < Number.POSITIVE_INFINITY)) return false;
    heap[0] = j;
    siftDown(heap, 0, k, z, start, stride);
    worst = z[start + heap[0] * stride];
  }
  // Taking the worst away again and again leaves the best in front.
  for (let size = k - 1; size > 0; size--) {
    const last = heap[0];
    heap[0] = heap[size];
    heap[size] = last;
    siftDown(heap, 0, size, z, start, stride);
  }
  return z[start + heap[0] * stride] > Number.NEGATIVE_INFINITY;
}

/** Lets the class at a place sink until none below it is worse: a smaller value, or the same of a higher class. */
function siftDown(
  heap: Int32Array,
  from: number,
  size: number,
  z: Float32Array,
  start: number,
  stride: number,
): void {
  const moved = heap[from];
  const value = z[start + moved * stride];
  let place = from;
  for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
    let worse = heap[child];
    let least = z[start + worse * stride];
    if (child + 1 < size) {
      const other = heap[child + 1];
      const otherValue = z[start + other * stride];
      if (otherValue < least || (otherValue === least && other > worse)) {
        worse = other;
        least = otherValue;
        child++;
      }
    }
    if (least > value || (least === value && worse < moved)) break;
    heap[place] = worse;
    place = child;
  }
  heap[place] = moved;
}
