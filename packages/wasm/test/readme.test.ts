// The README's JavaScript runs, and prints what its comments say.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as adapter from "@gumbel/core/adapter";
import * as conformance from "@gumbel/core/conformance";
import { expect, it } from "vitest";
import * as wasmConformance from "../src/conformance.ts";
import * as gumbelWasm from "../src/index.ts";

const modules: Readonly<Record<string, unknown>> = {
  "@gumbel/core/adapter": adapter,
  "@gumbel/core/conformance": conformance,
  "@gumbel/wasm": gumbelWasm,
  "@gumbel/wasm/conformance": wasmConformance,
};
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code);

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(5));

it.each(examples)("prints what it says:\n%s", async (code) => {
  const body = code.replaceAll(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = modules[$2];");
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(inspectAll(values));
  const parameters = { modules, console: { log } };
  const run = new Function(...Object.keys(parameters), `return (async () => {${body}})()`);
  await run(...Object.values(parameters));
  const claimed = Array.from(code.matchAll(/console\.log.*; \/\/ (.*)/g), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  expect(printed).toEqual(claimed);
});

function inspectAll(values: unknown[]): string {
  return values.map((value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY })).join(" ");
}
