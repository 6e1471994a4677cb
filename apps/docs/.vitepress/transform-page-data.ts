// What pages have without writing it: a description from their first paragraph, code in the full width on pages of prose, and a dense
// layout on those that one looks things up in.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageData, SiteConfig, TransformPageContext } from "vitepress";

/** Longest description: what search engines and messengers show of one. */
const LONGEST = 200;
/** Pages of prose and programs, whose outlines would take a third of the width from the code. */
const PROSE = /^(start|(guides|understand|packages)\/.*)\.md$/;
/** Pages of many short entries. */
const DENSE = /^(api\/.+\/.*|specification)\.md$/;

/** Completes a page's data. */
export function transformPageData(page: PageData, { siteConfig }: TransformPageContext): Partial<PageData> {
  const layout = PROSE.test(page.relativePath)
    ? { aside: false, pageClass: "prose-page" }
    : DENSE.test(page.relativePath)
      ? { pageClass: "dense-page" }
      : {};
  return {
    frontmatter: { ...layout, ...page.frontmatter },
    description: page.description || firstParagraph(siteConfig, page),
  };
}

/** The first paragraph as plain text, cut after a sentence or a word. */
function firstParagraph({ srcDir }: SiteConfig, { filePath }: PageData): string {
  if (filePath === "") return "";
  const text = readFileSync(join(srcDir, filePath), "utf8");
  const paragraphs = text
    .replace(/^---\n.*?\n---\n/s, "")
    .replaceAll(/<script.*?<\/script>/gs, "")
    .split(/\n{2,}/);
  const first = paragraphs.find((paragraph) => /^[A-Z`*"“]/.test(paragraph.trim())) ?? "";
  const plain = first
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*]|<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (plain.length <= LONGEST) return plain;
  const cut = plain.slice(0, LONGEST);
  const sentence = cut.lastIndexOf(". ");
  return sentence > LONGEST / 3 ? cut.slice(0, sentence + 1) : `${cut.slice(0, cut.lastIndexOf(" "))} …`;
}
