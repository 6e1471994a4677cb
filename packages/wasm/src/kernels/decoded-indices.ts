// categorical of rows that have filters, or temperatures and keys of their own.
import {
  type ResolvedCategorical,
  type ResolvedDecoding,
  rowCountOf,
  rowStartOf,
  valueOfRow,
} from "@gumbel/core/adapter";
import { integersOf, type MemoryLayout, type Steps } from "../engine/kernel.ts";
import { counterOf, isJax } from "./counters.ts";
import { decodedTasks } from "./decoded-tasks.ts";

/** The sample of each row; −1 where the row is degenerate. */
export function* decodedIndices(
  memory: MemoryLayout,
  logits: Float32Array,
  { layout, noise, axis, shape }: ResolvedCategorical,
  decoding: ResolvedDecoding,
): Steps<Int32Array<ArrayBuffer>> {
  const { samples, categories, inner } = layout;
  const { keys } = decoding;
  const rows = rowCountOf(layout);
  const indices = new Int32Array(samples * rows);
  // Counters of neighbouring categories are so far apart. Under its own key a row has those of a row alone.
  const isLastAxis = keys !== undefined || axis === shape.length - 1;
  const stride = isLastAxis ? 1 : (inner / noise.columns) * noise.rowStride;
  yield decodedTasks(
    memory,
    logits,
    layout,
    decoding,
    1,
    (row, at, isFiltered) => {
      const rowOfLogits = row % rows;
      const tau = valueOfRow(decoding.temperature, rowOfLogits);
      if (tau === 0) return ["argmaxRows", at.logits, 1, categories, at.result];
      const start = keys === undefined ? rowStartOf(layout, row) : Math.floor(row / rows) * categories;
      const [k0, k1, hi, lo] = counterOf(noise, start);
      const key = keys === undefined ? [k0, k1] : keys[rowOfLogits];
      const isConsecutive = stride === 1 && lo + categories <= 2 ** 32;
      return isFiltered || !isConsecutive
        ? [
            "filteredCategorical",
            at.logits,
            categories,
            at.lists,
            ...key,
            hi,
            lo,
            stride,
            isJax(noise),
            at.result,
            tau,
          ]
        : ["categoricalRows", at.logits, 1, categories, ...key, hi, lo, isJax(noise), at.result, tau];
    },
    (row, results) => indices.set(integersOf(results), row),
  );
  return indices;
}
