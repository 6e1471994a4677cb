// Every program of a page runs in Node exactly as it is printed, beside the files that the page includes, and prints what its comments
// say. A block that is not a program (a command, another language) names its language.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { GUIDES } from "../scripts/chapters.mjs";

const DOCS = fileURLToPath(new URL("..", import.meta.url));
/** Inside of the package, so that imports resolve to its dependencies. */
const FOLDER = join(DOCS, "node_modules/.guides");

interface Program {
  readonly page: string;
  readonly name: string;
  readonly code: string;
}

/** Pages that people wrote; the others are generated. */
const texts = ["", "understand", "guides"].flatMap((folder) =>
  readdirSync(join(DOCS, "pages", folder))
    .filter((name) => name.endsWith(".md") && name !== "specification.md")
    .map((name) => ({ page: `${folder}/${name}`, path: join(DOCS, "pages", folder, name) })),
);
/** A block whose first line is `// name.mjs: …` is a file beside the programs. */
const FILE_NAME = /^\/\/ ([\w.-]+\.mjs)\b/;
const blocks = texts.flatMap(({ path }) => programsOf(path));
const files = blocks.filter(({ code }) => FILE_NAME.test(code));
const programs = blocks.filter((block) => !files.includes(block));

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "package.json"), JSON.stringify({ type: "module" }));
  for (const file of texts.flatMap(({ path }) => includesOf(path)))
    copyFileSync(file, join(FOLDER, basename(file)));
  for (const { code } of files) writeFileSync(join(FOLDER, FILE_NAME.exec(code)![1]!), code);
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const GUIDES_THAT_RUN = GUIDES.slice(0, -1).map(({ link }) => basename(link));

it.each(["start", ...GUIDES_THAT_RUN])("the page %s has a program", (guide) => {
  expect(programs.some(({ page }) => page === guide)).toBe(true);
});

it.each(programs)("$name prints what it says", { timeout: 120_000 }, ({ name, code }) => {
  const claimed = Array.from(code.matchAll(/^ *console\.log.*; \/\/ (.*)$/gm), ([, comment]) => comment);
  expect(claimed.length).toBeGreaterThan(0);
  const file = join(FOLDER, `${name}.mjs`);
  writeFileSync(file, code);
  const imports = [join(DOCS, "test/software-gpu.mjs"), join(FOLDER, "node-webgpu.mjs")];
  const prelude = code.includes("@gumbel/webgpu") ? imports.flatMap((each) => ["--import", each]) : [];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...prelude, file], {
    cwd: DOCS,
    encoding: "utf8",
    timeout: 110_000,
  });
  expect(stdout.trimEnd().split("\n"), stderr).toEqual(claimed);
  expect(status, stderr).toBe(0);
});

it.each(texts)("$page prints no JavaScript that does not run", ({ path }) => {
  const languages = blocksOf(path).map(({ language }) => language);
  expect(languages.filter((language) => !["js", "sh", "html", "python"].includes(language))).toEqual([]);
});

/** Blocks of code, labelled as in a group of tabs or not. */
function blocksOf(path: string): { language: string; code: string }[] {
  const blocks = readFileSync(path, "utf8").matchAll(/^```(\w*).*\n([\s\S]*?)^```$/gm);
  return Array.from(blocks, ([, language, code]) => ({ language: language!, code: code! }));
}

/** Files that a page includes, as VitePress writes it. */
function includesOf(path: string): string[] {
  return Array.from(readFileSync(path, "utf8").matchAll(/^<<< (\S+)$/gm), ([, file]) =>
    join(dirname(path), file!),
  );
}

function programsOf(path: string): Program[] {
  const page = basename(path, ".md");
  return blocksOf(path)
    .filter(({ language }) => language === "js")
    .map(({ code }, i) => ({ page, name: `${page}-${i + 1}`, code }));
}
