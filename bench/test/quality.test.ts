import { gumbel, key } from "@gumbel/core";
import { describe, expect, it } from "vitest";
import type { Entry } from "../src/contestant.ts";
import { repeat } from "../src/contestants/repeat.ts";
import { rowQuality, tailByDraws } from "../src/quality/draws.ts";
import { noiseQuality } from "../src/quality/noise.ts";
import { rareMass, TAIL_VOCABULARY, VOCABULARY } from "../src/quality/vocabulary.ts";

const ONE_BLOCK = { budget: 0, least: 0, most: 1 };

function entry(run: (shape: readonly [number, number]) => ArrayLike<number>): Entry {
  return {
    how: "in the test",
    prepare: async ({ shape }) => repeat({ run: () => run(shape), read: (values) => values }),
  };
}

/** A block of honest noise, with some values put in. */
function block(values: Readonly<Record<number, number>> = {}): Entry {
  const { data } = gumbel([1, VOCABULARY], { key: key(5) });
  for (const [index, value] of Object.entries(values)) data[Number(index)] = value;
  return entry(() => data);
}

describe("noiseQuality", () => {
  it("counts a block, and what honest noise has not", async () => {
    const { noise } = await noiseQuality("a", block(), ONE_BLOCK);
    expect(noise).toMatchObject({ draws: VOCABULARY, blocks: 1, nan: 0, infinite: 0, tied: 0, excess: 0 });
    expect(noise.smallest).toBeLessThan(-1);
    expect(noise.largest).toBeGreaterThan(8);
  });

  it("counts NaN and infinities, and keeps them out of the extremes", async () => {
    const spoilt = block({ 3: Number.NaN, 4: Number.POSITIVE_INFINITY, 9: Number.NEGATIVE_INFINITY });
    const { noise } = await noiseQuality("a", spoilt, ONE_BLOCK);
    expect(noise).toMatchObject({ nan: 1, infinite: 2 });
    expect(Number.isFinite(noise.largest) && Number.isFinite(noise.smallest)).toBe(true);
  });

  it("counts ties of the largest, and by how much they favour the lower half", async () => {
    const two = await noiseQuality("a", block({ 10: 30, 20: 30 }), ONE_BLOCK);
    expect(two.noise).toMatchObject({ tied: 1, excess: 0.25 });
    const three = await noiseQuality("a", block({ 10: 30, 20: 30, 30: 30 }), ONE_BLOCK);
    expect(three.noise).toMatchObject({ tied: 1, excess: 0.375 });
  });

  it("looks on past its time until there are as many values as are asked for", async () => {
    const { noise } = await noiseQuality("a", block(), { budget: 0, least: 2 * VOCABULARY + 1, most: 1e9 });
    expect(noise).toMatchObject({ blocks: 3, draws: 3 * VOCABULARY });
  });

  it("finds a tail that is too heavy", async () => {
    const { tails } = await noiseQuality("a", block({ 0: Number.POSITIVE_INFINITY }), ONE_BLOCK);
    for (const { observed, expected } of tails) expect(observed).toBeGreaterThan(10 * expected);
  });
});

describe("tailByDraws", () => {
  it("counts draws of rare categories", async () => {
    const always = entry(([rows]) => Array.from({ length: rows }, (_, row) => row));
    const { draws, observed } = await tailByDraws("a", always, 18, ONE_BLOCK);
    expect({ draws, observed }).toEqual({ draws: 8, observed: 8 });
  });

  it("knows the mass of all rare categories together", () => {
    expect(rareMass(18)).toBeCloseTo((TAIL_VOCABULARY - 1) * Math.exp(-18), 4);
    expect(rareMass(0)).toBeCloseTo(1 - 1 / TAIL_VOCABULARY, 12);
  });
});

describe("rowQuality", () => {
  it("counts rows that no earlier row equals", async () => {
    const shape = [64, 4096] as const;
    const pairs = entry(([rows]) => Array.from({ length: rows }, (_, row) => row >> 1));
    expect(await rowQuality("a", "categorical", pairs)).toMatchObject({ shape, distinct: 32 });
    const same = entry(([rows, classes]) => new Float32Array(rows * classes));
    expect(await rowQuality("a", "gumbel", same)).toMatchObject({ distinct: 1, expected: 64 });
  });
});
