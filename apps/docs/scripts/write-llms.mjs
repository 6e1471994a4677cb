// llms.txt, what the site has, one line a page, and llms-full.txt, the explanations, guides and specification whole: for
// programs that read text.
import { readdir, readFile, writeFile } from "node:fs/promises";

const PAGES = new URL("../pages/", import.meta.url);
const CHAPTERS = { understand: "Understand", guides: "Guides" };
const TOP = ["specification.md", "benchmarks.md", "playground.md", "conformance.md"];

/** Writes the files into the folder that is served as it stands. */
export async function writeLlms() {
  const chapters = await Promise.all(
    Object.entries(CHAPTERS).map(async ([folder, title]) => {
      const names = (await readdir(new URL(`${folder}/`, PAGES))).sort();
      return section(
        title,
        names.map((name) => `${folder}/${name}`),
      );
    }),
  );
  const text = [
    "# gumbel",
    "> Differentiable and exact sampling of discrete variables, the same on every JavaScript backend: Gumbel-softmax, straight-through, categorical and top-k sampling with the keys and bits of jax.random.",
    ...chapters,
    await section("Reference", [...TOP, "api/index.md"]),
  ];
  await writeFile(new URL("public/llms.txt", PAGES), `${text.join("\n\n")}\n`);
  await writeFile(new URL("public/llms-full.txt", PAGES), await wholeText());
}

/** The pages of prose, one behind the other, without what only a browser understands. */
async function wholeText() {
  const folders = await Promise.all(
    Object.keys(CHAPTERS).map(async (folder) =>
      (await readdir(new URL(`${folder}/`, PAGES))).sort().map((name) => `${folder}/${name}`),
    ),
  );
  const pages = await Promise.all(
    [...folders.flat(), "specification.md"].map((page) => readFile(new URL(page, PAGES), "utf8")),
  );
  const plain = pages.map((page) =>
    page
      .replace(/^---\n.*?\n---\n/s, "")
      .replaceAll(/<script setup.*?<\/script>\n*/gs, "")
      .replaceAll(/^<[A-Z]\w* ?\/>\n*/gm, "")
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
