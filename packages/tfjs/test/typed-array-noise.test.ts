import { gumbelOf } from "@gumbel/core/adapter";
import { expect, it } from "vitest";
import { gumbelBoundOfWord, gumbelOfWord } from "../src/typed-array/noise.ts";

/** Words at and around every power of two and its complement, and spread over the rest. */
const words = [
  ...Array.from({ length: 32 }, (_, bit) =>
    [-1, 0, 1].flatMap((step) => [2 ** bit + step, ~(2 ** bit + step)]),
  ).flat(),
  ...Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 0x9e3779b1)),
].map((word) => word | 0);
const lows = [0, 1, -1, 0x12345678, -0x12345678];

it("noise is that of the definition to 2^-24, and never above its bound", () => {
  let worst = 0;
  for (const precision of ["full", "jax"] as const) {
    for (const word of words) {
      for (const low of lows) {
        const expected = gumbelOf(word ^ low, low, precision);
        const got = gumbelOfWord(word, low, precision);
        worst = Math.max(worst, Math.abs(got - expected) / Math.max(1, Math.abs(expected)));
        if (got > gumbelBoundOfWord(word))
          throw new Error(`${got} exceeds the bound of word ${word}, low ${low}`);
      }
    }
  }
  expect(worst).toBeLessThan(2 ** -24);
});
