// Numbers with the digits that they are worth.
import type { Results } from "../results.ts";

/** Significant digits of what was measured: spreads are wider than a hundredth. */
const DIGITS = 3;

/** The same results with every fraction rounded. Integers are counts, and stay. */
export function rounded(results: Results): Results {
  return JSON.parse(
    JSON.stringify(results, (_, value) =>
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value,
    ),
  );
}
