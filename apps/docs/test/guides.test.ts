// Every JavaScript program of a page runs in Node exactly as it is printed, and prints what its comments say.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const DOCS = fileURLToPath(new URL("..", import.meta.url));
/** Inside of the package, so that imports find what it depends on. */
const FOLDER = join(DOCS, "node_modules/.guides");

interface Program {
  readonly page: string;
  readonly name: string;
  readonly code: string;
}

const programs = ["", "understand", "guides"].flatMap((folder) => {
  const path = join(DOCS, "pages", folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => programsOf(join(path, name)));
});

beforeAll(() => mkdirSync(FOLDER, { recursive: true }));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

it.each(["train-with-tfjs", "from-jax", "webgpu", "adapter", "shards", "schedule", "onnx"])(
  "the guide %s has a program",
  (guide) => {
    expect(programs.some(({ page }) => page === guide)).toBe(true);
  },
);

it.each(programs)("$name prints what it says", { timeout: 120_000 }, ({ name, code }) => {
  const claimed = Array.from(code.matchAll(/^ *console\.log.*; \/\/ (.*)$/gm), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  const file = join(FOLDER, `${name}.mjs`);
  writeFileSync(file, code);
  const prelude = code.includes("@gumbel/webgpu") ? ["--import", join(DOCS, "test/dawn.mjs")] : [];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...prelude, file], {
    cwd: DOCS,
    encoding: "utf8",
    timeout: 110_000,
  });
  expect(stdout.trimEnd().split("\n"), stderr).toEqual(claimed);
  expect(status, stderr).toBe(0);
});

function programsOf(path: string): Program[] {
  const page = basename(path, ".md");
  const blocks = readFileSync(path, "utf8").matchAll(/```js\n([\s\S]*?)```/g);
  return Array.from(blocks, ([, code], i) => ({ page, name: `${page}-${i + 1}`, code }));
}
