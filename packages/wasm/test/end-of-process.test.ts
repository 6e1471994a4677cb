// A program that uses workers, and disposes nothing, prints its result and ends: run in a Node of its own, from a bundle of the
// sources.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "tsdown";
import { afterAll, beforeAll, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gumbel-wasm-"));
  await build({
    config: false,
    entry: { bundle: "src/index.ts" },
    outDir: folder,
    platform: "neutral",
    dts: false,
    fixedExtension: true,
    logLevel: "error",
    deps: { alwaysBundle: [/./] },
    inputOptions: { resolve: { conditionNames: ["gumbel-source", "import"] } },
  });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

async function output(program: string): Promise<string> {
  const file = join(folder, "program.mjs");
  await writeFile(file, `import { createSampler, key } from "./bundle.mjs";\n${program}`);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 60_000 });
  return stdout;
}

it("ends by itself with workers that have nothing to do", { timeout: 120_000 }, async () => {
  expect(
    await output(`
      const sampler = await createSampler({ workers: 2 });
      const { data } = await sampler.gumbel([200_000], { key: key(1) });
      console.log(data.length);
    `),
  ).toBe("200000\n");
});

it("waits for what is under way", { timeout: 120_000 }, async () => {
  expect(
    await output(`
      const sampler = await createSampler({ workers: 2 });
      sampler.gumbel([2_000_000], { key: key(1) }).then(({ data }) => console.log(data.length));
    `),
  ).toBe("2000000\n");
});
