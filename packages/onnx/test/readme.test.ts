// The README's JavaScript runs, and prints what its comments say.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as conformance from "@gumbel/core/conformance";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import * as onnxConformance from "../src/conformance.ts";
import * as gumbelOnnx from "../src/index.ts";
import { identityModel, tinyModel } from "./tiny-model.ts";

const modules: Readonly<Record<string, unknown>> = {
  "@gumbel/core/conformance": conformance,
  "@gumbel/onnx": gumbelOnnx,
  "@gumbel/onnx/conformance": onnxConformance,
  "onnxruntime-node": ort,
};
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code);

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(4));

it.each(examples)("prints what it says:\n%s", async (code) => {
  const body = code
    .replaceAll(/import \* as (\w+) from ("[^"]*");/g, "const $1 = modules[$2];")
    .replaceAll(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = modules[$2];");
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(inspectAll(values));
  const parameters = { modules, console: { log }, model: tinyModel(), languageModel: identityModel(3) };
  const run = new Function(...Object.keys(parameters), `return (async () => {${body}})()`);
  await run(...Object.values(parameters));
  const claimed = Array.from(code.matchAll(/console\.log.*; \/\/ (.*)/g), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  expect(printed).toEqual(claimed);
});

function inspectAll(values: unknown[]): string {
  return values.map((value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY })).join(" ");
}
