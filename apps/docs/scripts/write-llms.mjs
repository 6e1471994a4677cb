// Writes llms.txt, a list of the site's pages, and llms-full.txt, the text of the explanations, guides, packages and specification, for
// programs that read text.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { GUIDES, PACKAGES, UNDERSTAND } from "./chapters.mjs";

const PAGES = new URL("../pages/", import.meta.url);
const START = "start.md";
const READMES = PACKAGES.map((name) => `packages/${name}.md`);
const TOP = [
  "specification.md",
  "specification/cases.md",
  "benchmarks.md",
  "benchmarks/figures.md",
  "benchmarks/quality.md",
  "playground.md",
  "filters.md",
  "conformance.md",
];

/** Writes both files into the public folder. Throws when a page of prose is not listed above. */
export async function writeLlms() {
  const prose = await Promise.all([pagesOf("understand", UNDERSTAND), pagesOf("guides", GUIDES)]);
  const api = (await readdir(new URL("api/", PAGES), { recursive: true }))
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .map((name) => `api/${name.replaceAll("\\", "/")}`)
    .sort();
  const text = [
    "# gumbel",
    "> Differentiable and exact sampling of discrete variables, the same on every JavaScript backend: Gumbel-softmax, straight-through, categorical and top-k sampling with the keys and bits of jax.random.",
    await section("Start", [START]),
    await section("Understand", prose[0]),
    await section("Guides", prose[1]),
    await section("Packages", READMES),
    await section("Reference", TOP),
    await section("API", api),
  ];
  await writeFile(new URL("public/llms.txt", PAGES), `${text.join("\n\n")}\n`);
  await writeFile(
    new URL("public/llms-full.txt", PAGES),
    await wholeText([START, ...prose.flat(), ...READMES, "specification.md"]),
  );
}

/**
 * Paths of a chapter's pages.
 * @param {string} folder
 * @param {{ link: string }[]} chapter
 */
async function pagesOf(folder, chapter) {
  const listed = chapter.map(({ link }) => `${link.slice(1)}${link.endsWith("/") ? "index" : ""}.md`);
  const there = (await readdir(new URL(`${folder}/`, PAGES))).map((name) => `${folder}/${name}`);
  const missing = there.filter((page) => !listed.includes(page));
  if (missing.length > 0) throw new Error(`chapters.mjs does not list ${missing.join(", ")}`);
  return listed;
}

/**
 * Pages of prose, concatenated, without scripts, figures and components.
 * @param {string[]} paths
 */
async function wholeText(paths) {
  const pages = await Promise.all(paths.map((page) => withIncludes(new URL(page, PAGES))));
  const plain = pages.map((page) =>
    page
      .replace(/^---\n.*?\n---\n/s, "")
      .replaceAll(/<script setup.*?<\/script>\n*/gs, "")
      .replaceAll(/<figure.*?<\/figure>\n*/gs, "")
      .replaceAll(/^<[A-Z]\w*[^>]*\/>\n*/gm, "")
      .trim(),
  );
  return `${plain.join("\n\n---\n\n")}\n`;
}

/**
 * Text of a page, with the files that it includes as blocks of code.
 * @param {URL} page
 */
async function withIncludes(page) {
  const parts = (await readFile(page, "utf8")).split(/^<<< (\S+)$/m);
  const texts = parts.map(async (part, i) => {
    if (i % 2 === 0) return part;
    return `\`\`\`js\n${await readFile(new URL(part, page), "utf8")}\`\`\``;
  });
  return (await Promise.all(texts)).join("");
}

/**
 * @param {string} title
 * @param {string[]} pages relative to the folder of pages
 */
async function section(title, pages) {
  const lines = await Promise.all(
    pages.map(async (page) => `- [${await titleOf(page)}](${page.replace(/\.md$/, ".html")})`),
  );
  return `## ${title}\n\n${lines.join("\n")}`;
}

/** @param {string} page */
async function titleOf(page) {
  const heading = (await readFile(new URL(page, PAGES), "utf8")).match(/^# (.+)$/m);
  if (heading === null) throw new Error(`${page} has no heading`);
  return heading[1];
}
