// The normaliser of each row at a temperature, from the engine's partial softmaxes: what log-probabilities and conditional noise are made of.
import { type RowLayout, rowCountOf } from "@gumbel/core/adapter";
import type { MemoryLayout, Steps } from "../engine/kernel.ts";
import { eachBatch } from "./batches.ts";
import { createPartials, PARTIAL_FLOATS, type Partials } from "./partials.ts";

/** By row: `(logit − max)/temperature − logSum` is a log-probability. In a degenerate row one of them is NaN. */
export interface RowNormalizers {
  /** The largest logit. */
  readonly max: Float64Array;
  /** `log Σ exp((logit − max)/temperature)`. */
  readonly logSum: Float64Array;
}

/** The normalisers of the rows of one sample. */
export function* rowNormalizersOf(
  memory: MemoryLayout,
  logits: Float32Array,
  layout: RowLayout,
  temperature: number,
): Steps<RowNormalizers> {
  const { categories } = layout;
  const rows = rowCountOf(layout);
  const chunks = Math.ceil(categories / memory.chunk);
  const partials = createPartials(rows * chunks);
  // Rows longer than a chunk come in chunks, and of shorter ones no more than the second buffer has room for partials.
  const most = Math.floor(memory.room / PARTIAL_FLOATS) * categories;
  const limit = chunks > 1 ? memory.chunk : Math.min(memory.limit, most);
  yield* eachBatch({ ...memory, limit }, logits, { ...layout, samples: 1 }, undefined, 1, (batch) => ({
    first: batch,
    calls: [
      ["partialSoftmaxRows", memory.first, batch.rows, batch.length / batch.rows, temperature, memory.second],
    ],
    from: "second",
    length: PARTIAL_FLOATS * batch.rows,
    take: (results) => partials.store(batch.row * chunks + batch.begin / memory.chunk, results),
  }));
  return reduce(partials, rows, chunks, temperature);
}

/** Chunks are added in their order, for the same sum every time. Not in the generator, where V8 is slow with loops. */
function reduce(partials: Partials, rows: number, chunks: number, temperature: number): RowNormalizers {
  const max = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const logSum = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * chunks;
    for (let chunk = row * chunks; chunk < end; chunk++) max[row] = Math.max(max[row], partials.max(chunk));
    let sum = 0;
    for (let chunk = row * chunks; chunk < end; chunk++)
      sum += partials.sumExp(chunk) * Math.exp((partials.max(chunk) - max[row]) / temperature);
    logSum[row] = Math.log(sum);
  }
  return { max, logSum };
}
