// topK: the k categories of the highest rank, without a sort.
import { MAXIMA } from "./memory-layout";
import { nextUp, ofSortableBits, sortableBits } from "./sortable-bits";
import { chunks, collect, countAtLeast, keepAbove, size, values } from "./survivors";

/**
 * A bound that at least k and at most k + slack of some values reach, where there is one; else the k-th largest of them. −FLT_MAX
 * if fewer than k are finite. Bisects the bits of the bound.
 */
function boundOfRank(at: usize, count: u32, k: u32, slack: u32, largest: f32): f32 {
  let high = sortableBits(largest);
  let bound = largest;
  let reached = countAtLeast(at, count, bound);
  if (reached >= k) high++;
  for (let step: f32 = 1; reached < k; step *= 2) {
    if (bound == -f32.MAX_VALUE) return bound;
    high = sortableBits(bound);
    bound = max(largest - step, -f32.MAX_VALUE);
    reached = countAtLeast(at, count, bound);
  }
  let low = sortableBits(bound);
  while (reached > k + slack && <u32>(high - low) > 1) {
    const middle = low + <i32>(<u32>(high - low) >> 1);
    const ofMiddle = countAtLeast(at, count, ofSortableBits(middle));
    if (ofMiddle >= k) {
      low = middle;
      reached = ofMiddle;
    } else high = middle;
  }
  return ofSortableBits(low);
}

/** Keeps the k categories of the list that rank highest: the larger logit, then the lower index. Returns the bound of their logits. */
function keepHighest(k: u32, largest: f32): f32 {
  if (size <= k) return -f32.MAX_VALUE;
  const bound = boundOfRank(values, size, k, 0, largest);
  keepAbove(values, bound, k - countAtLeast(values, size, nextUp(bound)));
  return bound;
}

/** Fills the list with the k categories of a row that rank highest, or all. `largest` is the row's largest logit. */
export function keepTopK(row: usize, count: u32, k: u32, largest: f32): void {
  // At least k maxima of chunks reach the bound, so at least k categories do.
  let least = k <= chunks ? boundOfRank(MAXIMA, chunks, k, k >> 2, largest) : -f32.MAX_VALUE;
  // Cut the list whenever it is long, and then take only larger logits: a later equal one has a lower rank.
  const most = <u32>min<u64>(max<u64>(1024, 4 * <u64>k), u32.MAX_VALUE);
  for (let chunk: u32 = 0; chunk < chunks; ) {
    chunk = collect(row, count, least, chunk, most);
    if (size > most) least = nextUp(keepHighest(k, largest));
  }
  keepHighest(k, largest);
}
