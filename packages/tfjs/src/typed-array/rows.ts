// The rows of a call over plain typed arrays, and what every operation asks of them.
import type { RowLayout } from "@gumbel/core/adapter";

/** Called once a row; element `j` stands at `start + j·inner` in the output and `logitsStart + j·inner` in the logits. */
export type RowVisitor = (start: number, logitsStart: number, row: number) => void;

/** Visits the rows in row-major order of `(sample, outer, inner)`. */
export function forEachRow({ samples, outer, classes, inner }: RowLayout, visit: RowVisitor): void {
  const block = outer * classes * inner;
  let row = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const logitsStart = o * classes * inner + i;
        visit(sample * block + logitsStart, logitsStart, row++);
      }
    }
  }
}

/**
 * The largest of `count` values, or NaN where the row is degenerate: it holds NaN or +∞, or nothing but −∞. Noise is
 * finite, so perturbed logits are degenerate exactly where the logits are.
 */
export function maximumOf(values: Float64Array, start: number, count: number, stride: number): number {
  let maximum = Number.NEGATIVE_INFINITY;
  for (let j = 0, at = start; j < count; j++, at += stride) {
    const value = values[at];
    if (value > maximum) maximum = value;
    else if (Number.isNaN(value)) return Number.NaN;
  }
  return maximum - maximum === 0 ? maximum : Number.NaN;
}
