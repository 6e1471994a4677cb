import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { markdownOf } from "../src/report/markdown.ts";
import { figure } from "../src/report/words.ts";
import { assertResults, rounded } from "../src/results.ts";

const read = (name: string) => readFileSync(new URL(`../results/${name}`, import.meta.url), "utf8");
const results: unknown = JSON.parse(read("results.json"));
assertResults(results);
const id = results.tables[0].baseline;

describe("markdownOf", () => {
  it("makes the committed report of the committed results", () => {
    expect(markdownOf(results)).toBe(read("results.md"));
  });

  it("shows one number in a cell: medians, and behind them ratios, spreads and processor times; what failed, and what is wrong", () => {
    const good = { contestant: id, rounds: 5, wall: [1.5, 2, 3], processor: 1.25, ratio: 1 } as const;
    const wrong = { contestant: id, rounds: 1, wall: [9, 9, 9], wrong: "1 | 2" } as const;
    const figures = [good, { contestant: id, failed: "too large" }, wrong];
    const tables = figures.map((each, i) => ({
      ...results.tables[0],
      shape: [i, 8] as const,
      figures: [each],
    }));
    const lines = markdownOf({ ...results, tables }).split("\n");
    const rows = lines.filter((line) => line.startsWith("| @gumbel/wasm **wrong** |"));
    expect(rows.slice(0, 4)).toEqual([
      "| @gumbel/wasm **wrong** | 2.00 | failed | 9.00 |",
      "| @gumbel/wasm **wrong** | 1.00 | | |",
      "| @gumbel/wasm **wrong** | 38 | | 0 |",
      "| @gumbel/wasm **wrong** | 1.25 | | |",
    ]);
    expect(lines).toContain("- @gumbel/wasm at [1, 8]: too large");
    expect(lines).toContain("- @gumbel/wasm at [2, 8]: 1 \\| 2");
  });

  it("shows no deviation that rests on a handful of events", () => {
    const tail = { contestant: id, gap: 20, by: "noise", draws: 100_000, values: 1e6, z: -9 } as const;
    const tails = [{ ...tail, observed: 0, expected: 26.6, events: 0.002 }];
    const report = markdownOf({ ...results, quality: { ...results.quality, tails } });
    expect(report).toContain("| @gumbel/wasm, node | noise | 1,000,000 | 0 | 26.6 | too few |");
  });

  it("calls a quick run rough, and leaves out what was not measured", () => {
    const none = { noise: [], tails: [], lowerHalf: [], rows: [], reproducibility: [] };
    const bare = { ...results, quick: true, tables: [], quality: { ...results.quality, ...none } };
    expect(markdownOf(bare)).toContain("**A quick run: figures are rough.**");
    expect(markdownOf(bare)).not.toMatch(/## (Quality|Categorical)/);
  });
});

describe("figures", () => {
  it("show the digits that they are worth", () => {
    const words = [0, 1234.5, 12.345, 0.01234, 2.5e-17, -3.456].map(figure);
    expect(words).toEqual(["0", "1235", "12.3", "0.0123", "2.5e-17", "-3.46"]);
  });

  it("are rounded in the file, but for counts", () => {
    const machine = { ...results.machine, memoryGiB: 1_234_567, loadAfter: [1.23456, 2] };
    expect(rounded({ ...results, machine }).machine).toMatchObject({
      memoryGiB: 1_234_567,
      loadAfter: [1.23, 2],
    });
  });
});
