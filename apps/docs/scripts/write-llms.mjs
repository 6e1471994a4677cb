// llms.txt: what the site has, one line a page, for programs that read text.
import { readdir, readFile, writeFile } from "node:fs/promises";

const PAGES = new URL("../pages/", import.meta.url);
const CHAPTERS = { understand: "Understand", guides: "Guides" };
const TOP = ["specification.md", "playground.md", "conformance.md"];

/** Writes the file into the folder that is served as it stands. */
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
