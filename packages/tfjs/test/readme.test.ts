// The README's JavaScript runs, and prints what its comments say.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as conformance from "@gumbel/core/conformance";
import * as gumbelWasm from "@gumbel/wasm";
import { beforeAll, expect, it } from "vitest";
import * as tfjsConformance from "../src/conformance.ts";
import * as gumbelTfjs from "../src/index.ts";
import { tf } from "./start-backends.ts";

const modules: Readonly<Record<string, unknown>> = {
  "@gumbel/core/conformance": conformance,
  "@gumbel/tfjs": gumbelTfjs,
  "@gumbel/tfjs/conformance": tfjsConformance,
  "@gumbel/wasm": gumbelWasm,
  "@tensorflow/tfjs": tf,
};
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code);

beforeAll(async () => void (await tf.setBackend("cpu")));

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(4));

it.each(examples)("prints what it says:\n%s", { timeout: 30_000 }, async (code) => {
  const body = code
    .replaceAll(/import \* as (\w+) from ("[^"]*");/g, "const $1 = modules[$2];")
    .replaceAll(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = modules[$2];");
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(inspectAll(values));
  await new Function("modules", "console", `return (async () => {${body}})()`)(modules, { log });
  const claimed = Array.from(code.matchAll(/console\.log.*; \/\/ (.*)/g), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  expect(printed).toEqual(claimed);
});

function inspectAll(values: unknown[]): string {
  return values.map((value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY })).join(" ");
}
