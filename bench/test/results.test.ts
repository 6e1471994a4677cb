import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assertResults } from "../src/results.ts";

/** Kilobytes that results may take in the repository. */
const LIMIT = 300;

const text = readFileSync(new URL("../results/results.json", import.meta.url), "utf8");
const committed: unknown = JSON.parse(text);
assertResults(committed);
const { contestants, tables, quality } = committed;

describe("results of the repository", () => {
  it("stay small", () => {
    expect(text.length).toBeLessThan(LIMIT * 1000);
  });

  it("give of every contestant the reason why it was not run, or what it does", () => {
    for (const { absent, operations } of contestants)
      expect(absent === undefined).toBe(operations.length > 0);
  });

  it("have no fault of ours", () => {
    const ours = contestants.filter((each) => each.ours);
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.flatMap(({ operations }) => operations.flatMap(({ faults }) => faults))).toEqual([]);
  });
});

describe("assertResults", () => {
  const withFigure = (figure: object) => ({
    tables: [{ ...tables[0], figures: [{ ...tables[0].figures[0], ...figure }] }],
  });
  const noise = [{ ...quality.noise[0], largest: null }];

  it.each<[string, object, RegExp]>([
    ["another version", { schema: 2 }, /schema: /],
    ["a field that there is not", { speed: 1 }, /speed: /],
    ["no date", { date: "today" }, /date: /],
    [
      "quartiles out of order",
      withFigure({ wall: [2, 1, 3] }),
      /figures\.0\.wall: quartiles must be in order/,
    ],
    ["a NaN that JSON made null", { quality: { ...quality, noise } }, /largest: /],
    ["figures of nobody", withFigure({ contestant: "nobody" }), /must be of contestants that are listed/],
    ["two contestants of one id", { contestants: [...contestants, contestants[0]] }, /must be unique/],
  ])("refuses %s", (_, change, message) => {
    expect(() => assertResults({ ...committed, ...change })).toThrow(message);
  });
});
