// Equality to the last bit, where the spec asks for it.
import type { Result } from "./call.ts";

/** Index of the first element that differs between two results of one call, or undefined where none does. */
export function sameData(a: Result, b: Result): number | undefined {
  for (const [i, { data }] of a.entries()) {
    const index = firstDifference(data, b[i]?.data);
    if (index !== undefined) return index;
  }
  return undefined;
}

/** Index of the first difference of two arrays, NaN being equal to itself, or undefined. */
export function firstDifference(
  a: ArrayLike<number> | undefined,
  b: ArrayLike<number> | undefined,
): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return i;
  }
  return undefined;
}
