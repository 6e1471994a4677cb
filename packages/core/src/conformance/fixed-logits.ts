// Logits and cotangents at fixed keys, of values that float32 holds, for the cases that do not draw their inputs.
import { key } from "../key.ts";
import type { NdArray } from "../nd-array.ts";
import { uniform } from "../reference/noise.ts";

/** Values spread evenly over [−scale, scale), different for each seed. */
export function fixedLogits(shape: readonly number[], seed: number, scale = 3): NdArray<Float32Array> {
  const { data } = uniform(shape, { key: key(seed) });
  return { data: data.map((u) => (2 * u - 1) * scale), shape };
}

/** The same value everywhere. */
export function constantLogits(shape: readonly number[], value = 0): NdArray<Float32Array> {
  const { data } = uniform(shape, { key: key(0) });
  return { data: data.fill(value), shape };
}

/** Logits with the given rows, along the last axis. */
export function logitsOfRows(rows: readonly (readonly number[])[]): NdArray<Float32Array> {
  return { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] };
}
