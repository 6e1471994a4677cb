// argmax(logits/temperature + g) of each row: categorical and hard samples.
import { type ResolvedNoise, type RowLayout, rowCountOf } from "@gumbel/core/adapter";
import { type EngineCall, integersOf, type MemoryLayout, type Steps } from "../engine/kernel.ts";
import { type Batch, eachBatch } from "./batches.ts";
import { isJax, rowGroupsOf } from "./counters.ts";

/** `argmax(logits/temperature + g)` of each row, `argmax(logits)` without noise; −1 where the row is degenerate. */
export function* argmaxOf(
  memory: MemoryLayout,
  logits: Float32Array,
  layout: RowLayout,
  noise: ResolvedNoise | undefined,
  temperature: number,
): Steps<Int32Array<ArrayBuffer>> {
  const indices = new Int32Array(layout.samples * rowCountOf(layout));
  if (layout.categories <= memory.limit) {
    yield* eachBatch(memory, logits, layout, noise, temperature, (batch) => ({
      first: batch,
      calls: argmaxCalls(memory, batch, temperature),
      from: "second",
      length: batch.rows,
      take: (results) => indices.set(integersOf(results), batch.row),
    }));
    return indices;
  }
  // The argmax of each row's chunks so far: its logit, NaN once a chunk is degenerate, and its noise. Chunks come in any order.
  indices.fill(-1);
  const maxLogit = new Float64Array(indices.length).fill(Number.NEGATIVE_INFINITY);
  const maxNoise = new Float64Array(indices.length);
  yield* eachBatch(memory, logits, layout, noise, temperature, (batch) => ({
    first: batch,
    calls: argmaxCalls(memory, batch, temperature),
    from: "second",
    length: 1,
    take(results, [logit, , g]) {
      const { row, begin } = batch;
      const index = begin + integersOf(results)[0];
      // The exact order, of logits of any size. NaN for two masked chunks.
      const lead = logit - maxLogit[row] - temperature * (maxNoise[row] - g);
      if (!Number.isNaN(logit) && !(lead > 0 || (lead === 0 && index < indices[row]))) return;
      maxLogit[row] = logit;
      maxNoise[row] = g;
      indices[row] = index;
    },
  }));
  for (let row = 0; row < indices.length; row++) if (Number.isNaN(maxLogit[row])) indices[row] = -1;
  return indices;
}

function argmaxCalls(
  { first, second }: MemoryLayout,
  { noise, rows, length }: Batch,
  temperature: number,
): EngineCall[] {
  const rowLength = length / rows;
  if (noise === undefined) return [["argmaxRows", first, rows, rowLength, second]];
  return rowGroupsOf(noise.of, noise.start, rows, rowLength).map(({ row, rows: count, counter }) => [
    "categoricalRows",
    first + 4 * row * rowLength,
    count,
    rowLength,
    ...counter,
    isJax(noise.of),
    second + 4 * row,
    temperature,
  ]);
}
