// Sums rounds up.
import { min, quantileSorted } from "simple-statistics";
import type { Spread } from "../results.ts";

/** Median, quartiles and least of at least one value, each multiplied by `scale`. */
export function spreadOf(values: readonly number[], scale = 1): Spread {
  if (values.length === 0) throw new RangeError("values must not be empty");
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantileSorted(sorted, 0.5) * scale,
    low: quantileSorted(sorted, 0.25) * scale,
    high: quantileSorted(sorted, 0.75) * scale,
    least: min(sorted) * scale,
  };
}
