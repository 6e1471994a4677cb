// gumbelTopK: the k largest of z = logits/temperature + g in each row. The engine makes the noise; the heap is here.
import { FLT_MAX, type ResolvedGumbelTopK, rowCountOf, rowStartOf, sizeOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { noiseTasks } from "./noise-tasks.ts";
import { clear, createHeap, push, sort, type TopKHeap } from "./top-k-heap.ts";

/** Up to this size float64 holds z to 2⁻³³; beyond it the row's largest logit is subtracted first, so that noise keeps its digits. */
const LARGE = 2 ** 20;

export default function kernel(call: ResolvedGumbelTopK, { logits }: Inputs<"logits">): Work {
  return function* (memory) {
    const { layout, noise, k, outputShape, temperature } = call;
    const values = new Float32Array(sizeOf(outputShape));
    const indices = new Int32Array(values.length);
    const g = new Float32Array(logits.length);
    yield noiseTasks(memory, "gumbel", noise, g);
    const heap = createHeap(k);
    for (let row = 0; row < rowCountOf(layout); row++) {
      const start = rowStartOf(layout, row);
      const isDegenerate = !selectOfRow(heap, call, logits, g, start);
      const missing = isDegenerate ? Number.NaN : Number.NEGATIVE_INFINITY;
      const found = isDegenerate ? 0 : heap.size;
      let to = rowStartOf(layout, row, k);
      for (let place = 0; place < k; place++, to += layout.inner) {
        const index = place < found ? heap.indices[place] : -1;
        const at = start + index * layout.inner;
        const value = place < found ? logits[at] / temperature + g[at] : missing;
        values[to] = Number.isFinite(value) ? Math.min(FLT_MAX, Math.max(-FLT_MAX, value)) : value;
        indices[to] = index;
      }
    }
    return { values: arrayOf(values, outputShape), indices: arrayOf(indices, outputShape) };
  };
}

/** Fills the heap with the largest z of a row, sorted; masked categories are left out. False where the row is degenerate. */
function selectOfRow(
  heap: TopKHeap,
  call: ResolvedGumbelTopK,
  logits: Float32Array,
  g: Float32Array,
  start: number,
): boolean {
  if (!select(heap, call, logits, g, start, 0)) return false;
  if (heap.values[0] < LARGE && heap.values[heap.size - 1] > -LARGE) return true;
  const { categories, inner } = call.layout;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let j = 0, at = start; j < categories; j++, at += inner) maximum = Math.max(maximum, logits[at]);
  return select(heap, call, logits, g, start, maximum);
}

/** The same of z less `shift/temperature`. */
function select(
  heap: TopKHeap,
  { layout, temperature }: ResolvedGumbelTopK,
  logits: Float32Array,
  g: Float32Array,
  start: number,
  shift: number,
): boolean {
  const { categories, inner } = layout;
  const inverseTemperature = 1 / temperature;
  clear(heap);
  let { least } = heap;
  for (let j = 0, at = start; j < categories; j++, at += inner) {
    const z = (logits[at] - shift) * inverseTemperature + g[at];
    // A later category loses a tie.
    if (z <= least) continue;
    // False for NaN and +∞.
    if (!(z < Number.POSITIVE_INFINITY)) return false;
    push(heap, z, j);
    least = heap.least;
  }
  sort(heap);
  return heap.size > 0;
}
