import { describe, expect, it } from "vitest";
import { chartsOf } from "../src/report/charts.ts";
import { markdownOf } from "../src/report/markdown.ts";
import { rounded } from "../src/report/rounded.ts";
import { figure } from "../src/report/words.ts";
import { RESULTS } from "./results-fixture.ts";

describe("markdownOf", () => {
  const charts = chartsOf(RESULTS);
  const markdown = markdownOf(RESULTS, charts);
  const line = (start: string) => markdown.split("\n").find((each) => each.startsWith(start));

  it("puts the contestant that ratios are to first, with median, spread, ratio and processor time", () => {
    const rows = markdown.split("\n").filter((each) => /^\| (@gumbel\/wasm|other)/.test(each));
    expect(rows[0]).toBe("| @gumbel/wasm | 2.00 ±38% ×1.00<br>1.25 | 2.00 ±38% ×1.00 |");
    expect(rows[1]).toBe("| other **wrong** | 10.0 ±15% ×5.00 | failed |");
  });

  it("says how a contestant is wrong, and why it failed", () => {
    expect(markdown).toContain("- other: not so: rows of a batch differ (1 different ones of 64 rows)");
    expect(markdown).toContain("- other at [2, 4]: Error: too large");
  });

  it("says who could not be run, and why", () => {
    expect(markdown).toContain("- gone (none): the python3 on PATH has no gone");
    expect(line("| chromium")).toBe("| chromium | Chromium; absent: there is no browser |");
  });

  it("names the machine, the commit and the load, and calls a quick run rough", () => {
    expect(line("| commit")).toContain("0123abc");
    expect(line("| load")).toContain("0.5, 0.25, 0.1 before, 2, 1, 0.5 after");
    expect(markdown).toContain("**A quick run: figures are rough.**");
    expect(markdownOf({ ...RESULTS, quick: false })).not.toContain("quick run");
  });

  it("keeps tables whole, whatever names hold", () => {
    expect(line("| processor")).toBe("| processor | 2 × Processor \\| 9000 |");
    expect(markdown).toContain("`a \\| b`");
  });

  it("shows quality, and no deviation that rests on a handful of events", () => {
    expect(line("| other, node | 303,872")).toBe(
      "| other, node | 303,872 | 1 | 2 | -2.80 | 15.9 | 2 | 1 | 50.0 | 0.125 |",
    );
    expect(line("| @gumbel/wasm, node | draws |")).toContain("| 100,000 | 200 | 197 | 0.214 |");
    expect(line("| other, node | noise |")).toContain("| 1,000,000 | 0 | 26.6 | too few |");
    expect(line("| other, node | @gumbel/wasm, node |")).toContain("| 25.0 |");
  });

  it("leaves out what was not measured", () => {
    const { quality, ...rest } = RESULTS;
    const none = { noise: [], tails: [], lowerHalf: [], rows: [], reproducibility: [] };
    const bare = markdownOf({ ...rest, tables: [], quality: { ...quality, ...none } });
    expect(bare).not.toMatch(/## (Quality|Categorical)/);
  });
});

describe("chartsOf", () => {
  it("draws one picture for each operation that was timed, with a title and a mark for each figure", () => {
    const charts = chartsOf(RESULTS);
    expect(charts.map(({ file }) => file)).toEqual(["node-categorical.svg"]);
    const [{ svg }] = charts;
    expect(svg).toMatch(/^<svg role="img" [^>]*><title>Categorical sample, Node 20\.19\.0<\/title>/);
    for (const words of ["@gumbel/wasm", "other (wrong)", "[1, 8]", "[2, 4]"]) expect(svg).toContain(words);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("figures", () => {
  it.each([
    [0, "0"],
    [1234.5, "1235"],
    [12.345, "12.3"],
    [0.01234, "0.0123"],
    [2.5e-17, "2.5e-17"],
    [-3.456, "-3.46"],
  ])("show %d with the digits that it is worth", (value, words) => {
    expect(figure(value)).toBe(words);
  });

  it("are rounded in the file, but for counts", () => {
    const { machine, tables } = rounded({
      ...RESULTS,
      machine: { ...RESULTS.machine, memoryGiB: 1_234_567 },
      tables: [{ ...RESULTS.tables[0], figures: [{ contestant: "other", wall: [1.23456, 2, 3.999_99] }] }],
    });
    expect(machine.memoryGiB).toBe(1_234_567);
    expect(tables[0].figures[0].wall).toEqual([1.23, 2, 4]);
  });
});
