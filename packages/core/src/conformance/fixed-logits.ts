// Logits and cotangents at fixed keys, of values that float32 holds, for the cases that do not draw their inputs.

import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { key } from "../random/key.ts";
import { gumbel } from "../reference/index.ts";
import { RARE_ELEMENTS } from "./rare-keys.ts";
import { uniformValues } from "./uniform-values.ts";

/** Values spread evenly over [−scale, scale), different for each seed. */
export function fixedLogits(shape: readonly number[], seed: number, scale = 3): NdArray<Float32Array> {
  const data = uniformValues(sizeOf(shape), seed);
  for (let i = 0; i < data.length; i++) data[i] = (2 * data[i] - 1) * scale;
  return { data, shape };
}

/** The same value everywhere. */
export function constantLogits(shape: readonly number[], value = 0): NdArray<Float32Array> {
  return { data: new Float32Array(sizeOf(shape)).fill(value), shape };
}

/** Logits with the given rows, along the last axis. */
export function logitsOfRows(rows: readonly (readonly number[])[]): NdArray<Float32Array> {
  return { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] };
}

/** Logits of 0 but for one rare element, held down until it wins by 1 only: 24-bit noise falls 3 short of it. */
export function winningByOne(seed: number, rare: number): NdArray<Float32Array> {
  const g = gumbel([RARE_ELEMENTS], { key: key(seed) }).data;
  const others = Math.max(...g.filter((_, j) => j !== rare));
  return logitsOfRows([Array.from(g, (value, j) => (j === rare ? others + 1 - value : 0))]);
}

/** Where the blocks of a row end and begin, whatever power of two they have: 0, 1, 3, 4, 7, 8, …, and the last. */
export function edgesOf(length: number): number[] {
  const edges = [0, length - 1];
  for (let power = 2; power < length; power *= 2) edges.push(power - 1, power);
  return [...new Set(edges)].sort((a, b) => a - b);
}
