import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Results } from "../src/results.ts";
import { assertResults } from "../src/results-schema.ts";
import { RESULTS } from "./results-fixture.ts";

const FOLDER = fileURLToPath(new URL("../results", import.meta.url));
/** Kilobytes that results may take in the repository. */
const LIMIT = 300;

describe("results of the repository", () => {
  const committed: unknown = JSON.parse(readFileSync(join(FOLDER, "results.json"), "utf8"));

  it("are a results file", () => {
    expect(() => assertResults(committed)).not.toThrow();
  });

  it("stay small, with their charts", () => {
    const sizes = readdirSync(FOLDER).map((name) => statSync(join(FOLDER, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LIMIT * 1000);
  });

  it("say of every contestant that cannot be run why, and of every other one what it does", () => {
    assertResults(committed);
    for (const { absent, operations } of committed.contestants)
      expect(absent === undefined).toBe(operations.length > 0);
  });

  it("have no fault of ours", () => {
    assertResults(committed);
    const ours = committed.contestants.filter((each) => each.ours);
    expect(ours.length).toBeGreaterThan(5);
    expect(
      ours.flatMap(({ id, operations }) =>
        operations.flatMap(({ faults }) => faults.map((fault) => ({ id, fault }))),
      ),
    ).toEqual([]);
  });
});

describe("assertResults", () => {
  const changed = (change: (results: Writable<Results>) => void) => {
    const copy = structuredClone(RESULTS) as unknown as Writable<Results>;
    change(copy);
    return () => assertResults(copy);
  };

  it("takes the fixture", () => {
    expect(() => assertResults(RESULTS)).not.toThrow();
  });

  it.each<[string, (results: Writable<Results>) => void, RegExp]>([
    ["another version", (results) => Object.assign(results, { schema: 2 }), /schema: /],
    ["a field that there is not", (results) => Object.assign(results, { speed: 1 }), /speed: /],
    ["no date", (results) => Object.assign(results, { date: "today" }), /date: /],
    [
      "quartiles out of order",
      (results) => Object.assign(results.tables[0].figures[0], { wall: [2, 1, 3] }),
      /figures\.0\.wall: quartiles must be in order/,
    ],
    [
      "a NaN that JSON made null",
      (results) => Object.assign(results.quality.noise[0], { largest: null }),
      /largest: /,
    ],
    [
      "figures of nobody",
      (results) => Object.assign(results.tables[0].figures[0], { contestant: "nobody" }),
      /figures must be of contestants that are listed/,
    ],
    [
      "two contestants of one name",
      (results) => Object.assign(results.contestants[1], { id: results.contestants[0].id }),
      /ids of contestants must be unique/,
    ],
  ])("refuses %s", (_, change, message) => {
    expect(changed(change)).toThrow(message);
  });
});

type Writable<T> = T extends readonly (infer E)[]
  ? Writable<E>[]
  : { -readonly [K in keyof T]: Writable<T[K]> };
