// The block function against Random123's published known answers.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { threefry2x32 } from "../src/index.ts";

const answers = readFileSync(new URL("vectors/random123-threefry2x32.txt", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) =>
    line
      .split(/\s+/)
      .slice(2)
      .map((word) => Number.parseInt(word, 16)),
  );

it.each(answers)("threefry2x32 of counter %i %i under key %i %i is Random123's answer", (...words) => {
  const [x0, x1, k0, k1, y0, y1] = words;
  expect(threefry2x32(k0, k1, x0, x1)).toEqual([y0, y1]);
});
