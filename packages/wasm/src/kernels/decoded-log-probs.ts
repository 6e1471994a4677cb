// logProb of rows that have filters, or temperatures of their own.
import {
  FLT_MAX,
  isAllowed,
  type ResolvedDecoding,
  type RowLayout,
  rowCountOf,
  rowStartOf,
  valueOfRow,
} from "@gumbel/core/adapter";
import type { MemoryLayout, Steps } from "../engine/kernel.ts";
import { decodedTasks } from "./decoded-tasks.ts";
import { createPartials, PARTIAL_FLOATS } from "./partials.ts";

/** The log-probability of an index of each row: −∞ where it is left out, NaN where it is −1 or the row is degenerate. */
export function* decodedLogProbs(
  memory: MemoryLayout,
  logits: Float32Array,
  indices: ArrayLike<number>,
  layout: RowLayout,
  decoding: ResolvedDecoding,
): Steps<Float32Array<ArrayBuffer>> {
  const { categories, inner } = layout;
  const logProbs = new Float32Array(rowCountOf(layout));
  const partials = createPartials(logProbs.length);
  yield decodedTasks(
    memory,
    logits,
    layout,
    decoding,
    PARTIAL_FLOATS,
    (row, at, isFiltered) => {
      const tau = valueOfRow(decoding.temperature, row);
      return isFiltered
        ? ["filteredPartial", at.logits, categories, at.lists, indices[row], at.result, tau]
        : ["partialSoftmaxRows", at.logits, 1, categories, tau, at.result];
    },
    (row, results) => partials.store(row, results),
  );
  for (let row = 0; row < logProbs.length; row++) {
    const index = indices[row];
    const max = partials.max(row);
    // A filtered row has told of the index in the place of the shift, which is else 0.
    const isLeftOut = partials.shift(row) !== 0 || !isAllowed(decoding, row, index);
    if (index < 0 || !(max > Number.NEGATIVE_INFINITY)) logProbs[row] = Number.NaN;
    else if (isLeftOut) logProbs[row] = Number.NEGATIVE_INFINITY;
    else {
      const scaled =
        (logits[rowStartOf(layout, row) + index * inner] - max) / valueOfRow(decoding.temperature, row);
      const value = scaled - Math.log(partials.sumExp(row));
      logProbs[row] = value === Number.NEGATIVE_INFINITY ? value : Math.max(-FLT_MAX, value);
    }
  }
  return logProbs;
}
