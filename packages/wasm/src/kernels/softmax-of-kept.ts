// The distribution that filters leave of each row: what the gradient of logProb with filters is made of.
import { type ResolvedDecoding, type ResolvedLogProb, rowStartOf, valueOfRow } from "@gumbel/core/adapter";
import type { MemoryLayout, Steps } from "../engine/kernel.ts";
import { decodedTasks } from "./decoded-tasks.ts";

/** The softmax over what is kept, 0 for what is left out, of the logits' shape; NaN throughout a degenerate row. */
export function* softmaxOfKept(
  memory: MemoryLayout,
  logits: Float32Array,
  { layout }: ResolvedLogProb,
  decoding: ResolvedDecoding,
): Steps<Float32Array<ArrayBuffer>> {
  const { categories, inner } = layout;
  const y = new Float32Array(logits.length);
  yield decodedTasks(
    memory,
    logits,
    layout,
    decoding,
    categories,
    (row, at) => {
      const tau = valueOfRow(decoding.temperature, row);
      return ["filteredSoftmax", at.logits, categories, at.lists, at.result, tau];
    },
    (first, results) => {
      if (inner === 1) y.set(results, first * categories);
      else for (let i = 0; i < results.length; i++) y[placeOf(first, i)] = results[i];
    },
  );
  return y;

  function placeOf(first: number, i: number): number {
    return rowStartOf(layout, first + Math.floor(i / categories)) + (i % categories) * inner;
  }
}
