// Categorical samples, softmaxes and partial softmaxes of a row whose categories are filtered. The row is overwritten, at last by the result
// where that has its address; `lists` is the address of room for 3·(count + 16) floats.
import { argmaxOfList } from "./categorical";
import { accepts, filterRow } from "./filters";
import { massAbove, setScale, storeWeights, UNIT } from "./mass";
import { maximum, storePartial } from "./partial-softmax";
import { ids, scratch, size, values } from "./survivors";

const INFINITY: f32 = f32.MAX_VALUE * 2;

/**
 * Stores argmax(logits/temperature + g) over what the filters keep, the lowest index on an exact tie, −1 if the row is degenerate.
 * The counter of category j is `hi·2³² + lo + j·stride`.
 */
export function filteredCategorical(
  row: usize, count: u32, lists: usize, k0: u32, k1: u32, hi: u32, lo: u32, stride: f64, isJax: bool, index: usize,
  temperature: f64,
): void {
  if (!filterRow(row, count, lists, true)) {
    store<i32>(index, -1);
    return;
  }
  const isConsecutive = stride == 1 && lo <= u32.MAX_VALUE - count;
  let place: u32;
  do {
    // A list of all categories needs no ids, which makes a draw from it a tenth faster.
    const idsOf = size == count && isConsecutive ? 0 : ids;
    place = argmaxOfList(values, idsOf, size, k0, k1, hi, lo, <u64>stride, isJax, temperature);
  } while (!accepts(place));
  store<i32>(index, load<i32>(ids + (<usize>place << 2)));
}

/**
 * Stores the partial softmax of what the filters keep, with `shift` = 0 if a category is among it, and 1 if not. max is NaN if the row is
 * degenerate.
 */
export function filteredPartial(
  row: usize, count: u32, lists: usize, category: u32, partial: usize, temperature: f64,
): void {
  if (!filterRow(row, count, lists, false)) {
    storePartial(partial, NaN, 0, 0);
    return;
  }
  const largest = maximum(values, size);
  setScale(largest, temperature);
  const sum = <f64>massAbove(values, size, values, -INFINITY) / UNIT;
  storePartial(partial, largest, has(category) ? 0 : 1, sum);
}

/** Stores the softmax over what the filters keep, 0 for what they leave out; NaN throughout if the row is degenerate. */
export function filteredSoftmax(row: usize, count: u32, lists: usize, y: usize, temperature: f64): void {
  const isProper = filterRow(row, count, lists, false);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 4) store<f32>(y + i, isProper ? 0 : NaN);
  if (!isProper) return;
  setScale(maximum(values, size), temperature);
  storeWeights(scratch, values, size);
  const sum = <f64>massAbove(values, size, values, -INFINITY) / UNIT;
  for (let i: usize = 0, stop = <usize>size << 2; i < stop; i += 4) {
    store<f32>(y + (<usize>load<u32>(ids + i) << 2), <f32>(<f64>load<f32>(scratch + i) / sum));
  }
}

/** Whether the list has a category. */
function has(category: u32): bool {
  let low: u32 = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(ids + (<usize>middle << 2)) < category) low = middle + 1;
    else high = middle;
  }
  return low < size && load<u32>(ids + (<usize>low << 2)) == category;
}
