// The probability that two distributions agree under the same noise.
import { categorical, key } from "@gumbel/core";
import { describe, expect, it } from "vitest";
import { acceptanceOf } from "../src/acceptance-of.ts";

const normalised = (weights: readonly number[]) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight) => weight / total);
};

describe("acceptanceOf", () => {
  it.each([
    [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ],
    [
      [1, 1, 1, 5],
      [1, 1, 1, 1],
    ],
    [
      [0, 2, 3, 0, 1],
      [1, 0, 3, 0, 1],
    ],
  ])("is the double sum of the formula, for %j and %j", (first, second) => {
    const [p, q] = [normalised(first), normalised(second)];
    let expected = 0;
    p.forEach((_, i) => {
      if (p[i] === 0 || q[i] === 0) return;
      expected += 1 / p.reduce((sum, _, j) => sum + Math.max(p[j] / p[i], q[j] / q[i]), 0);
    });
    expect(acceptanceOf(p, q)).toBeCloseTo(expected, 12);
  });

  it("is 1 for equal distributions, and 0 for disjoint ones", () => {
    const p = normalised([3, 1, 2, 5]);
    expect(acceptanceOf(p, p)).toBeCloseTo(1, 12);
    expect(acceptanceOf(normalised([1, 1, 0, 0]), normalised([0, 0, 1, 2]))).toBe(0);
  });

  it("is how often draws under the same key agree", () => {
    const [p, q] = [normalised([1, 2, 3, 4, 8]), normalised([4, 4, 3, 2, 1])];
    const draws = 20_000;
    const drawn = [p, q].map((row) => {
      const logits = { data: Float32Array.from(row, Math.log), shape: [row.length] };
      return categorical(logits, { key: key(3), sampleShape: [draws] }).data;
    });
    const agree = drawn[0].filter((token, i) => token === drawn[1][i]).length / draws;
    // Five standard errors of a share of 20,000 draws.
    expect(Math.abs(agree - acceptanceOf(p, q))).toBeLessThan(5 * Math.sqrt(0.25 / draws));
  });
});
