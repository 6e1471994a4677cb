// Masks the categories that a call's mask does not allow.
import type { ResolvedDecoding } from "@gumbel/core/adapter";

/**
 * Sets the categories that are not allowed to −∞, in rows that lie one behind the other.
 *
 * @param row the first row of the logits; behind the last one, `rows − 1`, comes row 0 again
 */
export function maskRows(
  target: Float32Array,
  { mask, wordsPerRow }: ResolvedDecoding,
  row: number,
  categories: number,
  rows: number,
): void {
  if (mask === undefined) return;
  const isShared = mask.length === wordsPerRow;
  for (let begin = 0; begin < target.length; begin += categories, row++) {
    const firstWord = isShared ? 0 : (row % rows) * wordsPerRow;
    for (let i = 0; i < wordsPerRow; i++) {
      const word = mask[firstWord + i];
      if (word === 0xffff_ffff) continue;
      const from = begin + 32 * i;
      const end = Math.min(from + 32, begin + categories);
      if (word === 0) target.fill(Number.NEGATIVE_INFINITY, from, end);
      else {
        for (let j = from; j < end; j++) {
          if (((word >>> (j - from)) & 1) === 0) target[j] = Number.NEGATIVE_INFINITY;
        }
      }
    }
  }
}
