// Every page loads without errors, fits a phone and a desktop, and passes axe.
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { isFullRun, shortened } from "@gumbel-tools/test";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BASE, openSite, pagesOfSite, type Site } from "./site.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Limit of the scripts that a page without a program loads, in compressed bytes. */
const SCRIPT_LIMIT = 150_000;

/** By default one page of generated API reference stands for all of them, which are made alike. */
const pages = pagesOfSite().filter(
  (address) => isFullRun || !address.startsWith("api/") || address === "api/core/index.html",
);

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

it.each(pages)(
  shortened(
    "%s loads without an error and under 150 kB of script, fits 360 and 1440 px, and has no serious accessibility fault in either scheme",
    "one page of the API reference",
  ),
  { timeout: 60_000 },
  async (address) => {
    const { page, errors, scripts } = await site.open(address, { colorScheme: "light" });
    // The playground runs at once, in a worker that loads its own scripts.
    if (address !== "playground.html")
      expect(await compressedBytes(page, scripts.keys())).toBeLessThan(SCRIPT_LIMIT);
    await page.addScriptTag({ path: AXE });
    expect(await seriousFaults(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => document.documentElement.classList.contains("dark"));
    expect(await seriousFaults(page, ["color-contrast"])).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    if (isFullRun) expect(await seriousFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  },
);

it("the search finds a page by a word of its text, by keyboard alone", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("index.html");
  await page.keyboard.press("Control+k");
  await page.locator("#localsearch-input:focus").waitFor();
  await page.keyboard.type("shard vocabulary");
  await page.locator("#localsearch-list [aria-selected=true]").getByText("Shard a vocabulary").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/guides\/shards\.html/);
  expect(errors).toEqual([]);
});

it("an address that is not there shows the site's own page, with a way home", {
  timeout: 60_000,
}, async () => {
  const { page } = await site.open("understand/nothing.html");
  await page.getByText("404").waitFor();
  expect(await page.getByRole("link", { name: "To the front page" }).getAttribute("href")).toBe(BASE);
});

it("whoever asks for less motion sees none", { timeout: 60_000 }, async () => {
  const { page } = await site.open("index.html", { reducedMotion: "reduce" });
  const seconds = await page.evaluate(() =>
    Math.max(
      ...Array.from(document.querySelectorAll("*"), (element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return Math.max(...`${transitionDuration},${animationDuration}`.split(",").map(Number.parseFloat));
      }),
    ),
  );
  // The theme shortens animations to a millisecond.
  expect(seconds).toBeLessThanOrEqual(0.001);
});

/** Compressed bytes of the scripts that a page loaded. */
async function compressedBytes(page: Page, urls: Iterable<string>): Promise<number> {
  const sizes = await Promise.all(
    Array.from(urls, async (url) => gzipSync(await (await page.request.get(url)).body()).length),
  );
  expect(sizes.length).toBeGreaterThan(0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Pixels by which the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Serious and critical faults that axe finds, of all its rules or of some. */
async function seriousFaults(page: Page, rules?: string[]): Promise<string[]> {
  const { violations } = await page.evaluate((runOnly) => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return axe.run(runOnly === undefined ? {} : { runOnly });
  }, rules);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}
