// The gamma tail against the finite sum in 60 decimal digits, and a law of it.
import fc from "fast-check";
import { expect, it } from "vitest";
import { logGammaTail } from "../src/log-gamma-tail.ts";

it.each([
  [1, 0.5, -0.5],
  [1, 800, -800],
  [2, 3, -1.6137056388801094],
  [10, 2.5, -0.00027739056382620553],
  [100, 100, -0.720104893025474],
  [200, 360.5, -46.02718601728491],
  [5000, 9000, -1066.0216455847929],
  [50, 1e5, -99580.43190604763],
])("is right for n = %d, s = %d", (n, s, expected) => {
  // e^−s·Σ_{k<n} s^k/k! by Python's decimal.
  expect(Math.abs(logGammaTail(n, s) - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
});

it("is certain where nothing is summed or nothing is asked for", () => {
  expect(logGammaTail(0, 3)).toBe(0);
  expect(logGammaTail(7, 0)).toBe(0);
  expect(Math.abs(logGammaTail(1000, 10))).toBeLessThan(1e-12);
});

it("rises with n and falls with s, and is a logarithm of a probability", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3000 }),
      fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
      (n, s) => {
        const value = logGammaTail(n, s);
        expect(value).toBeLessThanOrEqual(0);
        expect(value).toBeGreaterThan(Number.NEGATIVE_INFINITY);
        expect(logGammaTail(n + 1, s)).toBeGreaterThanOrEqual(value - 1e-11 * Math.max(1, -value));
        expect(logGammaTail(n, s * 1.01)).toBeLessThanOrEqual(value + 1e-11 * Math.max(1, -value));
      },
    ),
  );
});
