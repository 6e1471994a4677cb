// The command line of the test command.
import { expect, test } from "vitest";
import { readArguments, UsageError } from "../arguments.mjs";

const core = { name: "@gumbel/core", folder: "packages/core" };
const docs = { name: "docs", folder: "apps/docs" };
const bench = { name: "@gumbel-tools/bench", folder: "bench" };
const read = (...words: string[]) => readArguments(words, [core, docs, bench]);

test("means the whole repository, and not everything of it, where it says nothing", () => {
  expect(read()).toEqual({ help: false, full: false, packages: [] });
});

test.each(["core", "@gumbel/core", "packages/core"])("takes %s for the package", (word) => {
  expect(read(word).packages).toEqual([core]);
});

test("takes packages and flags in any order, after pnpm's -- too, and a package once", () => {
  expect(read("--", "bench", "--full", "core", "@gumbel/core")).toEqual({
    help: false,
    full: true,
    packages: [bench, core],
  });
});

test.each(["--help", "-h"])("knows %s", (word) => expect(read(word).help).toBe(true));

test("refuses what is no package, and names those that are", () => {
  expect(() => read("cor")).toThrow(new UsageError('package must be one of core, docs, bench, got "cor"'));
});

test("refuses unknown flags by name", () => {
  expect(() => read("--fast")).toThrow(UsageError);
  expect(() => read("--fast")).toThrow("--fast");
});
