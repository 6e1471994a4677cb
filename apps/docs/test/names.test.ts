// The right-hand sides of the migration tables are calls that this project accepts: each is evaluated.
import { readFileSync } from "node:fs";
import * as core from "@gumbel/core";
import { expect, it } from "vitest";

const PAGE = new URL("../pages/guides/names.md", import.meta.url);
/** A row with code in both cells; the first code on the right is what to write. */
const ROW = /^\| `(.+?)`.* \| .*?`([^`]+)`.* \|$/;

const rows = readFileSync(PAGE, "utf8")
  .split("\n")
  .flatMap((line) => {
    const match = line.match(ROW);
    return match === null ? [] : [{ there: match[1]!, here: match[2]! }];
  });

/** Values of the names that the tables use. */
const scope = {
  sampler: core.createSampler(),
  split: core.split,
  foldIn: core.foldIn,
  seed: core.seed,
  x: { data: [2, 1, 0.5, -1, 0, 3], shape: [2, 3] },
  y: { data: [-1, -0.5, -2, -3, -0.2, -2], shape: [2, 3] },
  i: { data: [0, 2], shape: [2] },
  logP: { data: [0.5, 0.2, 0.3].map(Math.log), shape: [3] },
  keys: core.split(core.key(42)),
  bits: Int32Array.of(0b101),
  t: 0.5,
  k: 2,
  n: 3,
  s: 1,
  axis: -1,
  shape: [2, 3],
  sampleShape: [4],
  data: 7,
};

it("the tables have rows", () => expect(rows.length).toBeGreaterThan(20));

it.each(rows)("$there → $here", ({ here }) => {
  // `key` is a key that the reader has, and in the rows about keys the function that makes one.
  const names = { ...scope, key: /\bkey\(/.test(here) ? core.key : core.key(42) };
  const evaluate = new Function(...Object.keys(names), `return (${here});`);
  expect(() => evaluate(...Object.values(names))).not.toThrow();
});
