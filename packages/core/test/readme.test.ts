// The README's JavaScript runs, and prints what its comments say.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { expect, it } from "vitest";
import * as adapter from "../src/adapter.ts";
import * as conformance from "../src/conformance/index.ts";
import * as core from "../src/index.ts";

const modules: Readonly<Record<string, unknown>> = {
  "@gumbel/core": core,
  "@gumbel/core/adapter": adapter,
  "@gumbel/core/conformance": conformance,
};
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code);

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(3));

it.each(examples)("prints what it says:\n%s", { timeout: 30_000 }, async (code) => {
  const body = code.replaceAll(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = modules[$2];");
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.map((value) => inspect(value)).join(" "));
  await new Function("modules", "console", `return (async () => {${body}})()`)(modules, { log });
  const claimed = Array.from(code.matchAll(/console\.log.*; \/\/ (.*)/g), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  expect(printed.map(typeless)).toEqual(claimed.map(typeless));
});

/** `Int32Array(2) [ 1, 2 ]` and `Int32Array [ 1, 2 ]` are the same to a reader. */
function typeless(text: string): string {
  return text.replaceAll(/Array\(\d+\)/g, "Array");
}
