// The spec, the suite and SPEC.md say the same.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CASES } from "../src/conformance/index.ts";
import { CHAPTERS, CLAUSES, clauseText, specMarkdown } from "../src/spec/index.ts";

describe("the sampling spec", () => {
  it.each([...CLAUSES.keys()])("%s is checked by a case", (id) => {
    expect(CASES.some((test) => test.clauses.includes(id))).toBe(true);
  });

  it("has every clause that a case cites", () => {
    for (const test of CASES) for (const id of test.clauses) expect(clauseText(id), test.id).toBeTruthy();
  });

  it("numbers clauses by chapter, without gaps or repeats", () => {
    for (const { prefix, clauses } of CHAPTERS) {
      expect(clauses.map(({ id }) => id)).toEqual(clauses.map((_, i) => `${prefix}-${i + 1}`));
    }
    expect(new Set(CHAPTERS.map(({ prefix }) => prefix)).size).toBe(CHAPTERS.length);
  });

  it("is what SPEC.md says", () => {
    expect(readFileSync(new URL("../SPEC.md", import.meta.url), "utf8")).toBe(specMarkdown());
  });

  it("refuses a clause that it does not have", () => {
    expect(() => clauseText("GS-99")).toThrow(RangeError);
  });
});

describe("the suite", () => {
  it("gives each case an id and a title of its own", () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
  });

  it("has all four kinds of case", () => {
    expect([...new Set(CASES.map(({ kind }) => kind))].sort()).toEqual([
      "exact",
      "property",
      "robustness",
      "statistical",
    ]);
  });
});
