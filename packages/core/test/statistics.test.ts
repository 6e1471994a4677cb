// The suite's statistical tests against published quantiles: sharp enough to fail, loose enough not to.
import { describe, expect, it } from "vitest";
import { checkDistribution, checkFrequencies, FALSE_FAILURE_RATE } from "../src/conformance/statistics.ts";
import { bits, gumbel, key } from "../src/index.ts";

const failureOf = (check: () => void) => {
  try {
    check();
  } catch (error) {
    return String(error);
  }
  return undefined;
};

describe("the χ² test", () => {
  it("passes what lies at the 99.9999 % quantile for one degree of freedom, χ² = 23.93", () => {
    // 2·d²/(n/2) = χ² for counts n/2 ± d.
    const d = Math.round(Math.sqrt((23.93 * 10_000) / 4));
    expect(
      failureOf(() => checkFrequencies("CAT-3", "coin", [5000 + d, 5000 - d], [0.5, 0.5])),
    ).toBeUndefined();
  });

  it("fails χ² = 64 for one degree of freedom, whose chance is 1e-15", () => {
    const d = Math.sqrt((64 * 10_000) / 4);
    const failure = failureOf(() => checkFrequencies("CAT-3", "coin", [5000 + d, 5000 - d], [0.5, 0.5]));
    expect(failure).toContain("χ² = 64.0 with 1 degrees of freedom");
    expect(failure).toContain(String(FALSE_FAILURE_RATE));
  });

  it("fails an outcome of probability 0", () => {
    expect(failureOf(() => checkFrequencies("CAT-3", "coin", [99, 1], [1, 0]))).toContain("impossible");
  });
});

describe("the Kolmogorov–Smirnov test", () => {
  const distribution = (g: number) => Math.exp(-Math.exp(-g));

  it("passes Gumbel noise", () => {
    const { data } = gumbel([2 ** 14], { key: key(1) });
    expect(failureOf(() => checkDistribution("NOISE-6", "noise", data, distribution))).toBeUndefined();
  });

  it("fails noise that is shifted by 0.2, or not a number", () => {
    const { data } = gumbel([2 ** 14], { key: key(1) });
    const shifted = data.map((g) => g + 0.2);
    expect(failureOf(() => checkDistribution("NOISE-6", "noise", shifted, distribution))).toContain(
      "NOISE-6",
    );
    const broken = data.map(() => Number.NaN);
    expect(failureOf(() => checkDistribution("NOISE-6", "noise", broken, distribution))).toContain("NOISE-6");
  });

  it("fails uniforms of 6 bits", () => {
    const { data } = bits([2 ** 17], { key: key(2) });
    const identity = (u: number) => u;
    const whole = Float64Array.from(data, (word) => word / 2 ** 32);
    expect(failureOf(() => checkDistribution("NOISE-6", "uniform", whole, identity))).toBeUndefined();
    const coarse = Float64Array.from(data, (word) => (word >>> 26) / 64);
    expect(failureOf(() => checkDistribution("NOISE-6", "uniform", coarse, identity))).toContain("NOISE-6");
  });
});
