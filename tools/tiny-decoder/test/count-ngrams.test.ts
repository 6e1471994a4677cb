// Kneser–Ney counts and tables.
import { describe, expect, it } from "vitest";
import { countNgrams } from "../src/count-ngrams.ts";
import { probabilitiesOf } from "./probabilities-of.ts";

describe("countNgrams", () => {
  // Tokens 1 1 2, between starts and ends: bigrams 01 11 12 20, once each, but 11 twice in the second text.
  const bigrams = countNgrams(
    [
      [1, 1, 2],
      [1, 1, 1, 2],
    ],
    4,
    2,
  );

  it("is interpolated Kneser–Ney, worked by hand", () => {
    // Distinct bigrams: 01, 11, 12, 20. Continuation counts: 1 twice, 2 once, 0 once.
    const uniform = (0.75 * 3) / 4 / 4;
    const unigrams = [0.25 / 4 + uniform, 1.25 / 4 + uniform, 0.25 / 4 + uniform, uniform];
    expect(Array.from(bigrams.unigrams)).toEqual(unigrams.map((p) => expect.closeTo(p, 6)));
    // After 1: 1 three times, 2 twice.
    const backoff = 1 - (2.25 + 1.25) / 5;
    const expected = unigrams.map((p, token) => backoff * p + [0, 2.25 / 5, 1.25 / 5, 0][token]);
    expect(probabilitiesOf(bigrams, [1])).toEqual(expected.map((p) => expect.closeTo(p, 6)));
  });

  it("backs off where a context was not seen", () => {
    expect(probabilitiesOf(bigrams, [3])).toEqual(Array.from(bigrams.unigrams));
    const trigrams = countNgrams(
      [
        [1, 1, 2],
        [1, 1, 1, 2],
      ],
      4,
      3,
    );
    expect(probabilitiesOf(trigrams, [3, 1])).toEqual(
      probabilitiesOf({ ...trigrams, orders: [trigrams.orders[0]] }, [1]),
    );
  });

  it("gives distributions", () => {
    const model = countNgrams([Array.from({ length: 200 }, (_, i) => 1 + ((i * i) % 7))], 9, 4);
    for (const context of [[], [1], [2, 3], [5, 1, 2], [8, 8, 8]]) {
      const p = probabilitiesOf(model, context);
      expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(Math.min(...p)).toBeGreaterThan(0);
    }
  });

  it.each([
    [4096, 1],
    [4096, 6],
    [4096, 2.5],
  ])("refuses %i tokens at order %d", (vocabularySize, order) => {
    expect(() => countNgrams([[1]], vocabularySize, order)).toThrow("order must be an integer >= 2");
  });
});
