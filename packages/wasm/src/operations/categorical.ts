// Categorical samples by the Gumbel-max theorem.
import type { ResolvedLogits, ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import { type Engine, runsOf } from "../engine/engine.ts";
import { perturbed, perturbFirst } from "./noise.ts";
import { eachBatch, startOf } from "./rows.ts";

/**
 * Rows from this length on are searched with the lazy logarithm, which takes a call each; shorter ones get all their noise,
 * many rows at a time.
 */
const SHORTEST_SEARCH = 256;

/** `argmax(logits + g)` of each row, of the logits where there is no noise; −1 where it is degenerate. */
export function bestOf(
  engine: Engine,
  logits: Float32Array,
  { rows: layout }: Pick<ResolvedLogits, "rows">,
  noise: ResolvedNoise | undefined,
): Int32Array<ArrayBuffer> {
  const { exports, room, firstPlace, secondPlace, integers } = engine;
  const { samples, outer, classes, inner } = layout;
  const indices = new Int32Array(samples * outer * inner);
  if (classes > room) {
    const perSample = outer * inner;
    for (let sample = 0; sample < samples; sample++) {
      const z = noise === undefined ? logits : perturbed(engine, logits, noise, sample * logits.length);
      for (let row = 0; row < perSample; row++) {
        indices[sample * perSample + row] = bestOfLongRow(engine, z, startOf(row, layout), layout);
      }
    }
    return indices;
  }
  eachBatch(engine, logits, layout, noise, ({ row, count, noiseStart }) => {
    if (noise !== undefined && noiseStart !== undefined) {
      if (classes >= SHORTEST_SEARCH) {
        for (let r = 0; r < count; r++) {
          const place = firstPlace + 4 * r * classes;
          indices[row + r] = search(engine, noise, noiseStart + r * classes, place, classes);
        }
        return;
      }
      perturbFirst(engine, noise, noiseStart, count * classes);
    }
    for (let done = 0; done < count; done += room) {
      const some = Math.min(room, count - done);
      exports.bestOfRows(firstPlace + 4 * done * classes, some, classes, secondPlace);
      indices.set(integers.subarray(0, some), row + done);
    }
  });
  return indices;
}

/** The best of `count` elements at a place, whose noise starts at an index of the noise shape: −1 where there is none. */
function search(engine: Engine, noise: ResolvedNoise, start: number, place: number, count: number): number {
  const { exports, result, index } = engine;
  const isJax = noise.precision === "jax";
  let winner = -1;
  let best = Number.NEGATIVE_INFINITY;
  for (const { done, length, counter } of runsOf(noise, start, count)) {
    exports.best(place + 4 * done, length, ...counter, isJax);
    const z = result[0];
    if (z > best) winner = done + index[0];
    // NaN, once it is there, stays.
    best = Number.isNaN(z) ? z : Math.max(best, z);
  }
  return Number.isNaN(best) ? -1 : winner;
}

/** The best of a row of perturbed logits that is longer than the buffer, in parts. */
function bestOfLongRow(
  { exports, room, first, firstPlace, secondPlace, integers }: Engine,
  z: Float32Array,
  start: number,
  { classes, inner }: RowLayout,
): number {
  let winner = -1;
  let best = Number.NEGATIVE_INFINITY;
  for (let begin = 0; begin < classes; begin += room) {
    const count = Math.min(room, classes - begin);
    for (let j = 0, at = start + begin * inner; j < count; j++, at += inner) first[j] = z[at];
    exports.bestOfRows(firstPlace, 1, count, secondPlace);
    const index = integers[0];
    // Either all are masks, or one of them is NaN or +∞.
    if (index < 0 && first.subarray(0, count).some((value) => value !== Number.NEGATIVE_INFINITY)) return -1;
    if (index >= 0 && first[index] > best) {
      best = first[index];
      winner = begin + index;
    }
  }
  return winner;
}
