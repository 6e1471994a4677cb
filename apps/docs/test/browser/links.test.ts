// Every link of every page has a target below the base path, and every page says what it is about. Reads the built files, without a browser.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BASE, DIST, pagesOfSite } from "./site.ts";

const pages = pagesOfSite();
const texts = new Map(pages.map((page) => [page, readFileSync(join(DIST, page), "utf8")]));
const anchors = new Map(
  Array.from(texts, ([page, text]) => [
    page,
    new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id)),
  ]),
);

it("has pages", () => expect(pages.length).toBeGreaterThan(15));

it("every link, script and style of every page leads to a file of the site, and to an anchor of it", () => {
  const dead = pages.flatMap((page) =>
    linksOf(page).flatMap((link) => (leadsSomewhere(page, link) ? [] : `${page} → ${link}`)),
  );
  expect(dead).toEqual([]);
});

it("every page has a title, a description and a picture of its own address to be shared by", () => {
  for (const [page, text] of texts) {
    const meta = (name: string) =>
      new RegExp(`<meta (?:name|property)="${name}" content="([^"]+)"`).exec(text)?.[1];
    expect(meta("description")?.length, page).toBeGreaterThan(20);
    expect(meta("og:description"), page).toBe(meta("description"));
    expect(meta("og:title"), page).toBeTruthy();
    expect(meta("og:url"), page).toContain(`${BASE}${page.replace(/(^|\/)index\.html$/, "$1")}`);
    const picture = new URL(meta("og:image")!, "http://site").pathname;
    expect(existsSync(join(DIST, picture.slice(BASE.length))), page).toBe(true);
  }
});

it("every page that llms.txt lists is there", () => {
  const lines = readFileSync(join(DIST, "llms.txt"), "utf8").matchAll(/\]\(([^)]+)\)/g);
  const listed = Array.from(lines, ([, page]) => page);
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.filter((page) => !pages.includes(page))).toEqual([]);
});

function linksOf(page: string): string[] {
  const links = texts.get(page)!.matchAll(/ (?:href|src)="([^"]*)"/g);
  return Array.from(links, ([, link]) => link.replaceAll("&amp;", "&")).filter(
    (link) => !/^(https?:|mailto:|data:)/.test(link),
  );
}

function leadsSomewhere(page: string, link: string): boolean {
  const { pathname, hash } = new URL(link, `http://site${BASE}${page}`);
  if (!pathname.startsWith(BASE)) return false;
  const path = decodeURIComponent(pathname.slice(BASE.length));
  const target = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  if (!existsSync(join(DIST, target))) return false;
  const anchor = decodeURIComponent(hash.slice(1));
  return anchor === "" || anchors.get(target)?.has(anchor) === true;
}
