// llms.txt, what the site has, one line a page, and llms-full.txt, the explanations, guides and specification whole: for
// programs that read text.
import { readdir, readFile, writeFile } from "node:fs/promises";

const PAGES = new URL("../pages/", import.meta.url);
/** Pages of prose, in the order in which they are read. */
const CHAPTERS = {
  understand: ["index", "gumbel-max", "temperature", "straight-through", "one-key-one-sample", "noise"],
  guides: ["train-with-tfjs", "from-jax", "webgpu", "adapter", "shards", "schedule", "onnx", "names"],
};
const TOP = ["specification.md", "benchmarks.md", "playground.md", "conformance.md"];

/** Writes the files into the folder that is served as it stands. Throws when a page of prose is not listed above. */
export async function writeLlms() {
  const prose = await Promise.all(Object.entries(CHAPTERS).map(([folder, names]) => pagesOf(folder, names)));
  const api = (await readdir(new URL("api/", PAGES), { recursive: true }))
    .filter((name) => name.endsWith(".md") && name !== "index.md")
    .map((name) => `api/${name.replaceAll("\\", "/")}`)
    .sort();
  const text = [
    "# gumbel",
    "> Differentiable and exact sampling of discrete variables, the same on every JavaScript backend: Gumbel-softmax, straight-through, categorical and top-k sampling with the keys and bits of jax.random.",
    await section("Understand", prose[0]),
    await section("Guides", prose[1]),
    await section("Reference", TOP),
    await section("API", api),
  ];
  await writeFile(new URL("public/llms.txt", PAGES), `${text.join("\n\n")}\n`);
  await writeFile(
    new URL("public/llms-full.txt", PAGES),
    await wholeText([...prose.flat(), "specification.md"]),
  );
}

/**
 * Paths of a chapter's pages.
 * @param {string} folder
 * @param {string[]} names
 */
async function pagesOf(folder, names) {
  const there = (await readdir(new URL(`${folder}/`, PAGES))).map((name) => name.replace(/\.md$/, ""));
  const missing = there.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`write-llms.mjs does not list ${missing.join(", ")} of ${folder}`);
  return names.map((name) => `${folder}/${name}.md`);
}

/**
 * Pages of prose, one behind the other, without what only a browser understands.
 * @param {string[]} paths
 */
async function wholeText(paths) {
  const pages = await Promise.all(paths.map((page) => readFile(new URL(page, PAGES), "utf8")));
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
