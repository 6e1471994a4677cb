// Sums rounds up.
import { quantileSorted } from "simple-statistics";
import type { Spread } from "../results.ts";

/** Quartiles of at least one value, each multiplied by `scale`. */
export function spreadOf(values: readonly number[], scale = 1): Spread {
  if (values.length === 0) throw new RangeError("values must not be empty");
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share) * scale;
  return [at(0.25), at(0.5), at(0.75)];
}
