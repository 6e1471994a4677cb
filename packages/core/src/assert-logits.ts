// Rows of logits that have no distribution to sample from, and the check that names the first of them.
import { DegenerateRowError } from "./errors.ts";
import { rowCountOf, rowStartOf } from "./layout.ts";
import { assertNdArray, type NdArray } from "./nd-array.ts";
import type { LogitsOptions } from "./options.ts";
import { readOptions } from "./read-options.ts";
import { resolveRows } from "./resolve.ts";

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
 * Checks that every row of logits has a distribution: no NaN, no +∞, and a category that is not masked. Operations do
 * not check that, they mark the results of such a row; this is for debugging. Tensors on a device are read back first.
 *
 * @throws DegenerateRowError naming the first row that is degenerate, TypeError or RangeError for what is no array or axis
 * @example assertLogits({ data: [0, -Infinity, -Infinity, -Infinity], shape: [2, 2] }) // row 1
 */
export function assertLogits(logits: NdArray, options?: LogitsOptions | null): void {
  assertNdArray(logits, "logits");
  const { layout } = resolveRows(logits.shape, readOptions("assertLogits", options ?? {}, ["axis"]));
  const row = new Float64Array(layout.categories);
  for (let index = 0; index < rowCountOf(layout); index++) {
    const start = rowStartOf(layout, index);
    for (let j = 0; j < row.length; j++) row[j] = logits.data[start + j * layout.inner];
    const reason = degeneracyOf(row);
    if (reason !== undefined) throw new DegenerateRowError(index, reason);
  }
}
