// The k largest values of a row: a heap whose root is the least of those kept, and on a tie the one of the highest index.

/** Values and their indices, `size` of them. They are a heap once there are k, and until then in no order. */
export interface TopKHeap {
  readonly values: Float64Array;
  readonly indices: Int32Array;
  size: number;
  /** What a value must exceed to enter: the root once there are k values, before that −∞. */
  least: number;
}

/** Room for `k` values. */
export function createHeap(k: number): TopKHeap {
  return {
    values: new Float64Array(k),
    indices: new Int32Array(k),
    size: 0,
    least: Number.NEGATIVE_INFINITY,
  };
}

/** Empties a heap. */
export function clear(heap: TopKHeap): void {
  heap.size = 0;
  heap.least = Number.NEGATIVE_INFINITY;
}

/** Adds a value that exceeds {@link TopKHeap.least}, in place of the root if there are k already. Indices come in rising order. */
export function push(heap: TopKHeap, value: number, index: number): void {
  const { values, indices, size } = heap;
  if (size === values.length) sink(heap, 0, size, value, index);
  else {
    values[size] = value;
    indices[size] = index;
    heap.size++;
    if (heap.size < values.length) return;
    heapify(heap);
  }
  heap.least = values[0];
}

/** Sorts a heap, largest value first, lower index first on a tie. Nothing can be pushed until it is cleared. */
export function sort(heap: TopKHeap): void {
  const { values, indices, size } = heap;
  if (size < values.length) heapify(heap);
  for (let last = size - 1; last > 0; last--) {
    const value = values[last];
    const index = indices[last];
    values[last] = values[0];
    indices[last] = indices[0];
    sink(heap, 0, last, value, index);
  }
}

function heapify(heap: TopKHeap): void {
  const { values, indices, size } = heap;
  for (let place = (size >> 1) - 1; place >= 0; place--)
    sink(heap, place, size, values[place], indices[place]);
}

/** Puts a value into a place or, as long as a child is worse, further down, in a heap of the first `size` places. */
function sink({ values, indices }: TopKHeap, from: number, size: number, value: number, index: number): void {
  let place = from;
  for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
    const other = child + 1;
    if (other < size && isWorse(values[other], indices[other], values[child], indices[child])) child = other;
    if (!isWorse(values[child], indices[child], value, index)) break;
    values[place] = values[child];
    indices[place] = indices[child];
    place = child;
  }
  values[place] = value;
  indices[place] = index;
}

/** Whether a value is less than another or, on a tie, of a higher index. */
function isWorse(value: number, index: number, otherValue: number, otherIndex: number): boolean {
  return value < otherValue || (value === otherValue && index > otherIndex);
}
