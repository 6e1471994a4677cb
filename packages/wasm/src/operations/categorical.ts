// Categorical samples by the Gumbel-max theorem.
import type { ResolvedLogits, ResolvedNoise } from "@gumbel/core/adapter";
import { type Call, integersOf, type Operation, type Places } from "../engine/task.ts";
import { groupsOf, isJax, noiseCalls } from "./counters.ts";
import { type Batch, eachBatch } from "./rows.ts";

/** Rows from this length on are searched with the lazy logarithm; shorter ones have too many hopefuls for it to gain. */
const SHORTEST_SEARCH = 256;

/** `argmax(logits + g)` of each row, of the logits where there is no noise; −1 where it is degenerate. */
export function* bestOf(
  places: Places,
  logits: Float32Array,
  { rows: layout }: Pick<ResolvedLogits, "rows">,
  noise: ResolvedNoise | undefined,
): Operation<Int32Array<ArrayBuffer>> {
  const { samples, outer, classes, inner } = layout;
  const indices = new Int32Array(samples * outer * inner);
  const isCut = classes > places.limit;
  // Of a row in parts: what is best so far, NaN once a part is degenerate. Parts may come in any order.
  const best = new Float32Array(isCut ? indices.length : 0).fill(Number.NEGATIVE_INFINITY);
  if (isCut) indices.fill(-1);
  yield* eachBatch(places, logits, layout, noise, (batch) => ({
    first: batch,
    calls: searchCalls(places, batch, classes),
    from: "second",
    length: batch.rows,
    take(results, { top }) {
      const found = integersOf(results);
      const { row, begin } = batch;
      if (!isCut) indices.set(found, row);
      else if (Number.isNaN(top) || Number.isNaN(best[row])) best[row] = Number.NaN;
      else if (top > best[row] || (top === best[row] && begin + found[0] < indices[row])) {
        best[row] = top;
        if (found[0] >= 0) indices[row] = begin + found[0];
      }
    },
  }));
  for (let row = 0; row < best.length; row++) if (Number.isNaN(best[row])) indices[row] = -1;
  return indices;
}

function searchCalls(places: Places, { noise, rows, length }: Batch, classes: number): Call[] {
  const { first, second } = places;
  const rowLength = length / rows;
  if (noise === undefined) return [["bestOfRows", first, rows, rowLength, second]];
  if (classes < SHORTEST_SEARCH) {
    return [
      ...noiseCalls("perturb", noise.of, noise.start, length, first),
      ["bestOfRows", first, rows, rowLength, second],
    ];
  }
  return groupsOf(noise.of, noise.start, rows, rowLength).flatMap(({ row, rows: count, counter }): Call[] => {
    const place = first + 4 * row * rowLength;
    const target = second + 4 * row;
    if (counter !== undefined) {
      return [["searchRows", place, count, rowLength, ...counter, isJax(noise.of), target]];
    }
    return [
      ...noiseCalls("perturb", noise.of, noise.start + row * rowLength, count * rowLength, place),
      ["bestOfRows", place, count, rowLength, target],
    ];
  });
}
