// Log-probabilities, raw and processed.
import { createSampler, key } from "@gumbel/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";
import { arbitraryFilters, arbitraryPenalties, arbitraryRows, arbitraryTokens } from "./random-logits.ts";

const V = 9;
const sampler = createSampler();

function logSoftmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const largest = Math.max(...values);
  const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
  return values.map((value) => value - largest - Math.log(sum));
}

it("gives raw log-probabilities of the model's own logits, whatever the options", () => {
  const setting = fc.tuple(
    arbitraryRows(1, V),
    arbitraryTokens(V),
    arbitraryFilters(),
    arbitraryPenalties(V),
  );
  fc.assert(
    fc.property(setting, ([logits, history, filters, penalties]) => {
      const options = { ...filters, ...penalties, key: key(1), logProbs: 4, sampler };
      const { token, logProb, topLogProbs } = createTokenSampler(options).next(logits, { history });
      const expected = logSoftmax(logits);
      expect(logProb).toBeCloseTo(expected[token], 10);
      const ranked = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
      expect(topLogProbs?.map((top) => top.token)).toEqual(ranked.slice(0, 4));
      for (const top of topLogProbs ?? []) {
        if (expected[top.token] === Number.NEGATIVE_INFINITY) expect(top.logProb).toBe(expected[top.token]);
        else expect(top.logProb).toBeCloseTo(expected[top.token], 10);
      }
    }),
  );
});

it("gives processed log-probabilities of what is drawn from: tempered, renormalised, −∞ for what is left out", () => {
  const logits = Float32Array.from([0.5, 0.25, 0.125, 0.125], Math.log);
  const options = { key: key(1), temperature: 0.5, topK: 2, logProbs: 3, sampler };
  const tokens = createTokenSampler({ ...options, logProbsMode: "processed" });
  const { token, logProb, topLogProbs } = tokens.next(logits, { position: 0 });
  // (1/2)² : (1/4)² = 4 : 1.
  const expected = [Math.log(0.8), Math.log(0.2)];
  expect(logProb).toBeCloseTo(expected[token], 6);
  expect(topLogProbs?.map((top) => top.token)).toEqual([0, 1, 2]);
  expect(topLogProbs?.[1].logProb).toBeCloseTo(expected[1], 6);
  expect(topLogProbs?.[2].logProb).toBe(Number.NEGATIVE_INFINITY);
});

it("gives processed log-probability 0 to the token of temperature 0", () => {
  const tokens = createTokenSampler({ temperature: 0, logProbs: 2, logProbsMode: "processed", sampler });
  expect(tokens.next(Float32Array.of(0, 3, 1), { position: 0 })).toEqual({
    token: 1,
    logProb: 0,
    topLogProbs: [
      { token: 1, logProb: 0 },
      { token: 2, logProb: Number.NEGATIVE_INFINITY },
    ],
  });
});

it("sums to 1 over the vocabulary in either mode", () => {
  fc.assert(
    fc.property(
      arbitraryRows(1, V),
      arbitraryFilters(),
      fc.constantFrom("raw" as const, "processed" as const),
      (logits, filters, logProbsMode) => {
        const tokens = createTokenSampler({ ...filters, key: key(1), logProbs: V, logProbsMode, sampler });
        const { topLogProbs = [] } = tokens.next(logits, { position: 0 });
        const sum = topLogProbs.reduce((total, { logProb }) => total + Math.exp(logProb), 0);
        expect(topLogProbs).toHaveLength(V);
        expect(sum).toBeCloseTo(1, 6);
      },
    ),
  );
});

it("gives none unless they are asked for", () => {
  const logits = Float32Array.of(1, 2);
  expect(createTokenSampler({ temperature: 0, sampler }).next(logits, { position: 0 })).toEqual({ token: 1 });
  const one = createTokenSampler({ temperature: 0, logProbs: true, sampler }).next(logits, { position: 0 });
  expect(Object.keys(one)).toEqual(["token", "logProb"]);
});
