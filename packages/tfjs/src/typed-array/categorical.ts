// Categorical samples by the Gumbel-max theorem, with a lazy logarithm: most categories cannot win even with the
// largest noise that the leading bits of their word allow, and skip the two logarithms of the exact one.
import { type ResolvedCategorical, sizeOf } from "@gumbel/core/adapter";
import { blocksOf, gumbelBoundOfWord, gumbelOfWord } from "./noise.ts";
import { forEachRow } from "./rows.ts";

/** `argmax(logits + g)` of each row; −1 where it is degenerate. */
export function categoricalOf(
  logits: Float32Array,
  { rows, noise, outputShape }: ResolvedCategorical,
): Int32Array {
  const { classes, inner } = rows;
  const { precision } = noise;
  const { words, lows } = blocksOf(noise);
  const indices = new Int32Array(sizeOf(outputShape));
  forEachRow(rows, (start, logitsStart, row) => {
    let best = Number.NEGATIVE_INFINITY;
    let winner = -1;
    for (let j = 0, at = start, from = logitsStart; j < classes; j++, at += inner, from += inner) {
      const logit = logits[from];
      // False for NaN and +∞, which go on to be noticed.
      if (logit + gumbelBoundOfWord(words[at]) < best) continue;
      const z = logit + gumbelOfWord(words[at], lows[at], precision);
      if (z > best) {
        best = z;
        winner = j;
      } else if (Number.isNaN(z)) {
        winner = -1;
        best = Number.NaN;
        break;
      }
    }
    indices[row] = best < Number.POSITIVE_INFINITY ? winner : -1;
  });
  return indices;
}
