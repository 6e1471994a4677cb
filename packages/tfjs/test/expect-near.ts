// Compares a tensor with numbers, relative to those above 1.
import { expect } from "vitest";
import type { tf } from "./start-backends.ts";

/** Expects values within a bound; equal ones may be infinite or NaN. */
export function expectNear(
  got: ReturnType<typeof tf.tensor>,
  expected: ArrayLike<number>,
  bound = 1e-5,
): void {
  const data = got.dataSync();
  expect(data.length).toBe(expected.length);
  data.forEach((value, i) => {
    if (Object.is(value, expected[i])) return;
    const size = Math.max(1, Math.abs(expected[i]));
    expect(Math.abs(value - expected[i]) / size, `element ${i}: ${value}`).toBeLessThan(bound);
  });
}
