// Which calls of the engine cover the noise of some elements. Its functions take consecutive counters whose low word does not wrap.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { CounterWords } from "../engine/engine-exports.ts";
import type { EngineCall } from "../engine/kernel.ts";

const TWO_32 = 2 ** 32;

/** Key and counter of an element of a noise shape. */
export function counterOf(
  { key: [k0, k1], offset, rowStride, columns }: ResolvedNoise,
  element: number,
): CounterWords {
  const row = rowStride === columns ? 0 : Math.floor(element / columns);
  const counter = offset + row * rowStride + (element - row * columns);
  const hi = Math.floor(counter / TWO_32);
  return [k0, k1, hi, counter - hi * TWO_32];
}

/**
 * Calls of `bits`, or of `gumbel` or `perturb`, over the elements `start, …, start + count − 1` of a noise shape, to consecutive
 * addresses. They are cut where the counters jump and where the low word wraps.
 */
export function noiseCalls(
  name: "bits" | "gumbel" | "perturb",
  noise: ResolvedNoise,
  start: number,
  count: number,
  address: number,
): EngineCall[] {
  const { rowStride, columns } = noise;
  const last = name === "bits" ? [] : [isJax(noise)];
  const calls: EngineCall[] = [];
  for (let done = 0; done < count; ) {
    const counter = counterOf(noise, start + done);
    const most = rowStride === columns ? count : columns - ((start + done) % columns);
    const length = Math.min(count - done, most, TWO_32 - counter[3]);
    calls.push([name, address + 4 * done, length, ...counter, ...last]);
    done += length;
  }
  return calls;
}

/** 1 where the precision is "jax". */
export function isJax({ precision }: ResolvedNoise): number {
  return precision === "jax" ? 1 : 0;
}

/** Whether the counters of every row are consecutive and no low word wraps in the call, so that the engine's row functions serve. */
export function hasConsecutiveRows(
  { offset, rowStride, columns }: ResolvedNoise,
  { samples, outer, categories, inner }: RowLayout,
): boolean {
  if (inner !== 1 || (rowStride !== columns && columns !== categories)) return false;
  const last =
    offset + (samples * outer - 1) * (rowStride === columns ? categories : rowStride) + categories - 1;
  return Math.floor(offset / TWO_32) === Math.floor(last / TWO_32);
}

/** Rows of one call of the engine, `row` the first of them, and their noise's first counter. */
export interface RowGroup {
  readonly row: number;
  readonly rows: number;
  readonly counter: CounterWords;
}

/** Groups rows, whose noise starts at an element of the noise shape, by counters that follow one another. */
export function rowGroupsOf(
  noise: ResolvedNoise,
  start: number,
  rows: number,
  categories: number,
): RowGroup[] {
  if (noise.rowStride === noise.columns) return [{ row: 0, rows, counter: counterOf(noise, start) }];
  return Array.from({ length: rows }, (_, row) => ({
    row,
    rows: 1,
    counter: counterOf(noise, start + row * categories),
  }));
}
