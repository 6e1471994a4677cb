// The pages of the packages: their READMEs, whose programs the packages' own tests run. Links that lead to npm lead to the site instead.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { PACKAGES } from "./chapters.mjs";

const FOLDER = new URL("../pages/packages/", import.meta.url);
const SOURCES = new URL("../../../packages/", import.meta.url);

/** Writes a page for each package. */
export async function writePackages() {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const name of PACKAGES) {
    const readme = await readFile(new URL(`${name}/README.md`, SOURCES), "utf8");
    await writeFile(new URL(`${name}.md`, FOLDER), pageOf(readme));
  }
}

/** @param {string} readme */
function pageOf(readme) {
  return readme
    .replaceAll("](https://unpkg.com/@gumbel/core/SPEC.md)", "](../specification.md)")
    .replaceAll(/\]\(https:\/\/www\.npmjs\.com\/package\/@gumbel\/(\w+)(#[\w-]+)?\)/g, "](./$1.md$2)")
    .replaceAll(/^```.*\n[\s\S]*?^```$|^#{2,} (.*)$/gm, (whole, heading) => {
      return heading === undefined ? whole : `${whole} {#${anchorOf(heading)}}`;
    });
}

/** The anchor that GitHub and npm give to a heading, and that READMEs link to. */
function anchorOf(/** @type {string} */ heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}
