import { gumbel, key } from "@gumbel/core";
import { describe, expect, it } from "vitest";
import type { Entry } from "../src/contestant.ts";
import * as quality from "../src/quality.ts";
import { entryOf } from "./entry-of.ts";

const ONE_BLOCK = { budget: 0, least: 0, most: 1 };

/** A block of honest noise, with some values put in. */
function block(values: Readonly<Record<number, number>> = {}): Entry {
  const { data } = gumbel([1, quality.VOCABULARY], { key: key(5) });
  for (const [index, value] of Object.entries(values)) data[Number(index)] = value;
  return entryOf(() => data);
}

describe("noiseQuality", () => {
  const noiseOf = async (entry: Entry, options = ONE_BLOCK) =>
    (await quality.noiseQuality("a", entry, options)).noise[0];

  it("counts a block, and what honest noise has not", async () => {
    const noise = await noiseOf(block());
    expect(noise).toMatchObject({ blocks: 1, nan: 0, infinite: 0, tied: 0, excess: 0 });
    expect(noise.smallest).toBeLessThan(-1);
    expect(noise.largest).toBeGreaterThan(8);
  });

  it("counts NaN and infinities, and keeps them out of the extremes", async () => {
    const { NaN: nan, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
    const noise = await noiseOf(block({ 3: nan, 4: POSITIVE_INFINITY, 9: NEGATIVE_INFINITY }));
    expect(noise).toMatchObject({ nan: 1, infinite: 2 });
    expect(Number.isFinite(noise.largest) && Number.isFinite(noise.smallest)).toBe(true);
  });

  it("counts ties of the largest, and by how much they favour the lower half", async () => {
    expect(await noiseOf(block({ 10: 30, 20: 30 }))).toMatchObject({ tied: 1, excess: 0.25 });
    expect(await noiseOf(block({ 10: 30, 20: 30, 30: 30 }))).toMatchObject({ tied: 1, excess: 0.375 });
  });

  it("continues past its time until there are as many values as are asked for", async () => {
    const noise = await noiseOf(block(), { budget: 0, least: 2 * quality.VOCABULARY + 1, most: 1e9 });
    expect(noise).toMatchObject({ blocks: 3, draws: 3 * quality.VOCABULARY });
  });

  it("finds a tail that is too heavy", async () => {
    const { tails } = await quality.noiseQuality("a", block({ 0: Number.POSITIVE_INFINITY }), ONE_BLOCK);
    for (const { observed, expected } of tails) expect(observed).toBeGreaterThan(10 * expected);
  });
});

describe("tailByDraws", () => {
  it("counts draws of rare categories", async () => {
    const always = entryOf(({ shape: [rows] }) => Array.from({ length: rows }, (_, row) => row));
    const { draws, observed } = await quality.tailByDraws("a", always, 18, ONE_BLOCK);
    expect({ draws, observed }).toEqual({ draws: 8, observed: 8 });
  });

  it("knows the mass of all rare categories together", () => {
    expect(quality.rareProbability(18)).toBeCloseTo((quality.TAIL_VOCABULARY - 1) * Math.exp(-18), 4);
    expect(quality.rareProbability(0)).toBeCloseTo(1 - 1 / quality.TAIL_VOCABULARY, 12);
  });
});

describe("rowQuality", () => {
  it("counts rows that no earlier row equals", async () => {
    const shape = [64, 4096] as const;
    const pairs = entryOf(({ shape: [rows] }) => Array.from({ length: rows }, (_, row) => row >> 1));
    expect(await quality.rowQuality("a", "categorical", pairs)).toMatchObject({ shape, distinct: 32 });
    const same = entryOf(({ logits }) => new Float32Array(logits.length));
    expect(await quality.rowQuality("a", "gumbel", same)).toMatchObject({ distinct: 1, expected: 64 });
  });
});
