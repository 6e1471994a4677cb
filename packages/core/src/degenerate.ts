// When a row of logits has no distribution to sample from, and the error that says which one.
import { DegenerateRowError } from "./errors.ts";
import type { RowLayout } from "./resolve.ts";

/** Why a row of logits is degenerate, as an error message says it, or undefined where it is not. */
export function degeneracyOf(row: ArrayLike<number>): string | undefined {
  let masked = 0;
  for (let j = 0; j < row.length; j++) {
    if (Number.isNaN(row[j])) return "NaN";
    if (row[j] === Number.POSITIVE_INFINITY) return "+∞";
    if (row[j] === Number.NEGATIVE_INFINITY) masked++;
  }
  return row.length > 0 && masked === row.length ? "nothing but −∞" : undefined;
}

/**
 * The check behind `validate: true`.
 * @throws DegenerateRowError naming the first row that holds NaN or +∞, or nothing but −∞
 */
export function assertNoDegenerateRow(logits: ArrayLike<number>, layout: RowLayout): void {
  const { outer, classes, inner } = layout;
  const row = new Float64Array(classes);
  for (let index = 0; index < outer * inner; index++) {
    const start = Math.floor(index / inner) * classes * inner + (index % inner);
    for (let j = 0; j < classes; j++) row[j] = logits[start + j * inner];
    const reason = degeneracyOf(row);
    if (reason !== undefined) throw new DegenerateRowError(index, reason);
  }
}
