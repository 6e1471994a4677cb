// The README's JavaScript runs, and prints what its comments say.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as conformance from "@gumbel/core/conformance";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as webgpuConformance from "../src/conformance.ts";
import * as gumbelWebgpu from "../src/index.ts";
import { createDevice } from "./dawn.ts";

const modules: Readonly<Record<string, unknown>> = {
  "@gumbel/core/conformance": conformance,
  "@gumbel/webgpu": gumbelWebgpu,
  "@gumbel/webgpu/conformance": webgpuConformance,
};
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, code]) => code);

let device: GPUDevice;
beforeAll(async () => {
  device = await createDevice(["subgroups"]);
});
afterAll(() => device.destroy());

it("has examples", () => expect(examples.length).toBeGreaterThanOrEqual(4));

it.each(examples)("prints what it says:\n%s", { timeout: 60_000 }, async (code) => {
  const body = code.replaceAll(/import (\{[^}]*\}) from ("[^"]*");/g, "const $1 = modules[$2];");
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(inspectAll(values));
  const parameters = { modules, console: { log }, device, requestDevice: () => createDevice(["subgroups"]) };
  const run = new Function(...Object.keys(parameters), `return (async () => {${body}})()`);
  await run(...Object.values(parameters));
  const claimed = Array.from(code.matchAll(/console\.log.*; \/\/ (.*)/g), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  expect(printed).toEqual(claimed);
});

function inspectAll(values: unknown[]): string {
  return values.map((value) => inspect(value, { breakLength: Number.POSITIVE_INFINITY })).join(" ");
}
