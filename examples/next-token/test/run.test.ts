// The command: a small run, and the files that it writes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useSwiftshader } from "@gumbel-tools/chromium";
import { afterAll, describe, expect, it } from "vitest";
import { parseOptions, UsageError } from "../src/options.ts";
import type { Results } from "../src/report/results.ts";
import { run } from "../src/run.ts";

// A GPU of software, for Dawn.
useSwiftshader();

const out = mkdtempSync(join(tmpdir(), "next-token-"));
afterAll(() => rmSync(out, { recursive: true }));

const SMALL = ["--chapters", "8", "--vocabulary", "600", "--tokens", "16"];

describe("a run", () => {
  it("samples everywhere what the reference samples, and writes the page and the numbers", async () => {
    const lines: string[] = [];
    const results = await run(parseOptions([...SMALL, "--out", out]), (line) => void lines.push(line));
    const saved: Results = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    expect(saved).toEqual(JSON.parse(JSON.stringify(results)));

    expect(saved.lacks).toEqual([]);
    for (const { backends } of saved.backends) {
      expect(backends.map(({ name }) => name)).toEqual([
        "float64 reference",
        "@gumbel/wasm",
        "@gumbel/onnx, over sessions",
        "@gumbel/webgpu",
        "@gumbel/onnx, appended to the model",
      ]);
      for (const { ids, different, lacking } of backends) {
        if (lacking.length > 0) continue;
        expect(ids).toHaveLength(16);
        expect(different).toBe(0);
      }
    }
    // Without a filter no backend may be left out.
    expect(saved.backends[0].backends.every(({ lacking }) => lacking.length === 0)).toBe(true);
    for (const { different } of saved.batch) expect(different).toBe(0);
    for (const { speculation } of saved.drafters) {
      expect(speculation.different).toBe(0);
      expect(speculation.runs).toBeLessThan(speculation.tokens);
    }
  });

  it("shows of each step what the filter keeps", () => {
    const { kept }: Results = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    const stepsOf = (name: string) => kept.filters.find(({ setting }) => name in setting)!.steps;
    for (const { steps } of kept.filters) {
      expect(steps).toHaveLength(kept.ids.length);
      for (const { p, isKept, mass } of steps) {
        const shown = p.reduce((sum, value, rank) => sum + (isKept[rank] ? value : 0), 0);
        expect(mass).toBeGreaterThan(shown - 1e-4);
        expect(mass).toBeLessThanOrEqual(1);
      }
    }
    const firstFive = Array.from({ length: 12 }, (_, rank) => rank < 5);
    for (const { isKept } of stepsOf("topK")) expect(isKept).toEqual(firstFive);
    for (const { mass } of stepsOf("topP")) expect(mass).toBeGreaterThan(0.7 - 1e-4);
    for (const { p, isKept } of stepsOf("minP")) {
      expect(isKept).toEqual(p.map((value) => value >= 0.1 * p[0]));
    }
  });

  it("draws no token that the mask forbids, and other ones under a penalty", () => {
    const html = readFileSync(join(out, "report.html"), "utf8");
    const textOf = (label: string) => {
      const [, text] = html.match(new RegExp(`<b>${label}<span></span></b><i>[^<]*</i>([^<]*)</div>`))!;
      return text;
    };
    expect(textOf("temperature 1, top-p 0.8, mask: no “e”")).toMatch(/^[^eE]{10,}$/);
    expect(textOf("temperature 0, frequency 1")).not.toBe(textOf("temperature 0"));
  });

  it("tells marked texts from others, and has drafters accepted as often as the formula says", () => {
    const { watermark, drafters }: Results = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    const [marked, , unmarked] = watermark.map(({ curves }) => curves.map((curve) => curve.at(-1)![1]));
    expect(Math.max(...marked)).toBeLessThan(-4);
    expect(Math.min(...unmarked)).toBeGreaterThan(-4);
    for (const { points, tokens } of drafters) {
      for (const { measured, expected } of points) {
        // Five standard errors of a share, at its largest.
        expect(Math.abs(measured - expected)).toBeLessThan(5 * Math.sqrt(0.25 / tokens));
      }
    }
  });

  it("writes a page that loads nothing, with all its charts", () => {
    const html = readFileSync(join(out, "report.html"), "utf8");
    // Seven filters, watermark, drafters, each for two widths.
    expect(html.match(/<svg/g)).toHaveLength(18);
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
    expect(html).not.toMatch(/undefined|NaN|\[object/);
  });

  it("refuses a folder that it cannot make, before it builds anything", async () => {
    const file = join(out, "file");
    writeFileSync(file, "");
    const lines: string[] = [];
    const refused = run(parseOptions(["--out", join(file, "report")]), (line) => void lines.push(line));
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow("--out must be a folder that can be written");
    expect(lines).toEqual([]);
  });
});
