// The sampler that is used when none is given: @gumbel/wasm, at once, and what the reference picks.
import { createSampler, key } from "@gumbel/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTokenSampler } from "../src/index.ts";
import { arbitraryFilters, arbitraryPenalties, arbitraryRows, arbitraryTokens } from "./random-logits.ts";

const V = 40;

it("picks what the reference picks, with any options, but for near-ties", () => {
  const setting = fc.tuple(
    arbitraryRows(2, V),
    fc.tuple(arbitraryTokens(V), arbitraryTokens(V)),
    arbitraryFilters(),
    arbitraryPenalties(V),
    fc.nat(),
  );
  let differing = 0;
  const runs = 500;
  fc.assert(
    fc.property(setting, ([data, history, filters, penalties, seed]) => {
      const options = { ...filters, ...penalties, key: key(seed), logProbs: 2 };
      const logits = { data, shape: [2, V] };
      const mine = createTokenSampler(options).nextBatch(logits, { history });
      const expected = createTokenSampler({ ...options, sampler: createSampler() }).nextBatch(logits, {
        history,
      });
      for (const [r, { token, logProb }] of mine.entries()) {
        if (token !== expected[r].token) differing++;
        else if (token >= 0) expect(logProb).toBeCloseTo(expected[r].logProb ?? 0, 4);
      }
    }),
    { numRuns: runs },
  );
  // A near-tie, or a category at a cut-off of masses within 2⁻¹⁸, in far fewer than one of a hundred rows.
  expect(differing).toBeLessThanOrEqual((2 * runs) / 100);
});

it("picks of a row of a vocabulary of 151,936 the same alone and in a batch", () => {
  const size = 151_936;
  const data = Float32Array.from({ length: 3 * size }, (_, i) => 12 * Math.sin(i * i));
  const tokens = createTokenSampler({ key: key(7), temperature: 0.8, topP: 0.9, minP: 0.01, logProbs: 5 });
  const together = tokens.nextBatch({ data, shape: [3, size] }, { position: [9, 9, 9] });
  for (let row = 0; row < 3; row++) {
    const alone = tokens.next(data.subarray(row * size, (row + 1) * size), { position: 9, row });
    expect(alone).toEqual(together[row]);
  }
});
