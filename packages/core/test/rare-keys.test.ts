// The tables of rare keys hold what they claim; the cases that use them would otherwise check nothing.
import { describe, expect, it } from "vitest";
import {
  HIGHEST_WORDS,
  LAST_STEP_OF_23_BITS,
  LOWEST_WORDS,
  MIDDLE_WORDS,
  RARE_ELEMENTS,
  type RareElement,
  TIES_AT_23_BITS,
  ZERO_AT_23_BITS,
} from "../src/conformance/rare-keys.ts";
import { bits, gumbel, key, uniform } from "../src/index.ts";

const wordOf = ({ seed, index }: RareElement) => bits([RARE_ELEMENTS], { key: key(seed) }).data[index];

describe("rare keys", () => {
  it.each(LOWEST_WORDS)("seed $seed draws the lowest words at $index", (element) => {
    expect(wordOf(element)).toBeLessThanOrEqual(1);
  });

  it("both words next to one half are drawn", () => {
    expect(MIDDLE_WORDS.map(wordOf)).toEqual([2 ** 31 - 1, 2 ** 31]);
  });

  it.each(ZERO_AT_23_BITS)("seed $seed draws a uniform of 0 at 23 bits at $index", (element) => {
    expect(wordOf(element)).toBeLessThan(512);
    expect(
      gumbel([RARE_ELEMENTS], { key: key(element.seed), precision: "jax" }).data[element.index],
    ).toBeCloseTo(-Math.log(126 * Math.LN2), 12);
  });

  it.each(HIGHEST_WORDS)("seed $seed draws the highest words at $index, beyond 24 bits", (element) => {
    expect(wordOf(element)).toBeGreaterThanOrEqual(2 ** 32 - 4);
    expect(gumbel([RARE_ELEMENTS], { key: key(element.seed) }).data[element.index]).toBeGreaterThan(20.7);
  });

  it.each(LAST_STEP_OF_23_BITS)("seed $seed draws the last step of 23 bits at $index", (element) => {
    expect(wordOf(element)).toBeGreaterThanOrEqual(2 ** 32 - 512);
  });

  it.each(TIES_AT_23_BITS)("seed $seed ties its largest 23-bit uniforms at $indices", ({ seed, indices }) => {
    const { data } = uniform([64], { key: key(seed) });
    const largest = Math.max(...data);
    const winners = Array.from(data.keys()).filter((i) => data[i] === largest);
    expect(winners).toEqual(indices);
  });
});
