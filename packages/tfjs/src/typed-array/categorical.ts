// Categorical samples by the Gumbel-max theorem, with a lazy logarithm: most categories cannot win even with the
// largest noise that the leading bits of their word allow, and skip the two logarithms of the exact one.
import type { Precision } from "@gumbel/core";
import { type ResolvedCategorical, sizeOf } from "@gumbel/core/adapter";
import { type Blocks, blocksOf, gumbelBoundOfWord, gumbelOfWord } from "./noise.ts";
import { forEachRow } from "./rows.ts";

/** `argmax(logits + g)` of each row; −1 where it is degenerate. */
export function categoricalOf(
  logits: Float32Array,
  { rows, noise, outputShape }: ResolvedCategorical,
): Int32Array {
  const { classes, inner } = rows;
  const blocks = blocksOf(noise);
  const indices = new Int32Array(sizeOf(outputShape));
  forEachRow(rows, (start, logitsStart, row) => {
    indices[row] = winnerOf(logits, logitsStart, blocks, start, classes, inner, noise.precision);
  });
  return indices;
}

function winnerOf(
  logits: Float32Array,
  logitsStart: number,
  { words, lows }: Blocks,
  start: number,
  classes: number,
  stride: number,
  precision: Precision,
): number {
  let best = Number.NEGATIVE_INFINITY;
  let winner = -1;
  for (let j = 0, at = start, from = logitsStart; j < classes; j++, at += stride, from += stride) {
    const logit = logits[from];
    // False for NaN and +∞, which go on to be noticed.
    if (logit + gumbelBoundOfWord(words[at]) < best) continue;
    const z = logit + gumbelOfWord(words[at], lows[at], precision);
    if (z > best) {
      best = z;
      winner = j;
    } else if (Number.isNaN(z)) return -1;
  }
  return best < Number.POSITIVE_INFINITY ? winner : -1;
}
