// Filters: what is picked lies in the kept set, and options reach the sampler whole.
import { createSampler, key } from "@gumbel/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";
import { arbitraryFilters, arbitraryKey, arbitraryRows } from "./random-logits.ts";

const V = 10;
const sampler = createSampler();

it("never picks outside the set that the filters keep", () => {
  fc.assert(
    fc.property(arbitraryRows(1, V), arbitraryFilters(), arbitraryKey(), (logits, filters, base) => {
      const { token } = createTokenSampler({ ...filters, key: base, sampler }).next(logits, { position: 0 });
      const { temperature, ...others } = filters;
      const row = { data: logits, shape: [V] };
      if (temperature === 0) {
        expect(logits[token]).toBe(Math.max(...logits));
        return;
      }
      const logProb = sampler.logProb(
        row,
        { data: [token], shape: [] },
        { ...others, temperature: temperature ?? 1 },
      );
      expect(logProb.data[0]).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    }),
    { numRuns: 1000 },
  );
});

it("keeps the least set that reaches topP, the k best of topK, and what minP says", () => {
  // Probabilities 0.5, 0.25, 0.125, 0.0625, 0.0625.
  const logits = Float32Array.from([0.5, 0.25, 0.125, 0.0625, 0.0625], Math.log);
  const drawn = (options: object) => {
    const tokens = createTokenSampler({ ...options, key: key(3), sampler });
    const all = Array.from({ length: 400 }, (_, position) => tokens.next(logits, { position }).token);
    return [...new Set(all)].sort();
  };
  expect(drawn({})).toEqual([0, 1, 2, 3, 4]);
  expect(drawn({ topP: 0.7 })).toEqual([0, 1]);
  expect(drawn({ topK: 3 })).toEqual([0, 1, 2]);
  expect(drawn({ minP: 0.2 })).toEqual([0, 1, 2]);
  expect(drawn({ epsilonCutoff: 0.1 })).toEqual([0, 1, 2]);
  expect(drawn({ temperature: 0 })).toEqual([0]);
  expect(drawn({ mask: Uint32Array.of(0b11010) })).toEqual([1, 3, 4]);
});
