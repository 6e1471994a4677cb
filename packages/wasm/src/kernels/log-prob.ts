// logProb: log(softmax(logits/temperature)) at the index of each row, (l − max)/temperature − log Σ exp((lⱼ − max)/temperature).
import { assertIndices, FLT_MAX, type ResolvedLogProb, rowCountOf, rowStartOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { eachBatch } from "./batches.ts";
import { decodedLogProbs } from "./decoded-log-probs.ts";
import { createPartials, PARTIAL_FLOATS, type Partials } from "./partials.ts";

export default function kernel(
  call: ResolvedLogProb,
  { logits, indices }: Inputs<"logits" | "indices">,
): Work {
  const { layout, temperature, decoding } = call;
  const { categories, inner } = layout;
  assertIndices(indices, categories);
  return function* (memory) {
    if (decoding !== undefined) {
      const values = yield* decodedLogProbs(memory, logits, indices, layout, decoding);
      return { logProbs: arrayOf(values, call.outputShape) };
    }
    const rows = rowCountOf(layout);
    const chunks = Math.ceil(categories / memory.chunk);
    const partials = createPartials(rows * chunks);
    // Rows longer than a chunk come in chunks, and of shorter ones no more than the second buffer has room for partials.
    const most = Math.floor(memory.room / PARTIAL_FLOATS) * categories;
    const limit = chunks > 1 ? memory.chunk : Math.min(memory.limit, most);
    yield* eachBatch({ ...memory, limit }, logits, layout, undefined, 1, (batch) => ({
      first: batch,
      calls: [
        [
          "partialSoftmaxRows",
          memory.first,
          batch.rows,
          batch.length / batch.rows,
          temperature,
          memory.second,
        ],
      ],
      from: "second",
      length: PARTIAL_FLOATS * batch.rows,
      take: (results) => partials.store(batch.row * chunks + batch.begin / memory.chunk, results),
    }));
    const logProbs = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const { max, sumExp } = reduce(partials, row * chunks, chunks, temperature);
      const index = indices[row];
      const logit = index < 0 ? Number.NaN : logits[rowStartOf(layout, row) + index * inner];
      const value = (logit - max) / temperature - Math.log(sumExp);
      logProbs[row] = value === Number.NEGATIVE_INFINITY ? value : Math.max(-FLT_MAX, value);
    }
    return { logProbs: arrayOf(logProbs, call.outputShape) };
  };
}

/** The partial softmax of a whole row, NaN where it is degenerate. Chunks are added in their order, for the same sum every time. */
function reduce(
  partials: Partials,
  first: number,
  chunks: number,
  temperature: number,
): { max: number; sumExp: number } {
  let max = Number.NEGATIVE_INFINITY;
  for (let chunk = first; chunk < first + chunks; chunk++) max = Math.max(max, partials.max(chunk));
  let sumExp = 0;
  for (let chunk = first; chunk < first + chunks; chunk++)
    sumExp += partials.sumExp(chunk) * Math.exp((partials.max(chunk) - max) / temperature);
  return { max, sumExp };
}
