// Every kernel compiles with naga, the compiler of Firefox and Deno, which takes less of WGSL than Dawn's.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDeno } from "@gumbel-tools/deno";
import { expect, test } from "vitest";
import { kernelTexts } from "./kernel-variants.ts";

async function compile(texts: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), "gumbel-naga-"));
  try {
    const file = join(folder, "texts.json");
    writeFileSync(file, JSON.stringify(texts));
    return JSON.parse(await runDeno(new URL("deno/compile.js", import.meta.url), file)).failed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("every kernel that the planner makes compiles with naga", { timeout: 120_000 }, async () => {
  const texts = kernelTexts();
  expect(texts.size).toBeGreaterThan(200);
  expect(await compile(Object.fromEntries(texts))).toEqual({});
});

test("what naga refuses is found", { timeout: 60_000 }, async () => {
  const constant = "const A = bitcast<i32>(0x80000000u);\n@compute @workgroup_size(1) fn main() { }";
  expect(Object.keys(await compile({ constant }))).toEqual(["constant"]);
});
