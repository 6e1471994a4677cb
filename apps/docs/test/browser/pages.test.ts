// Pages load without errors, fit a phone and a desktop, and pass axe; the search finds what people look for.
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { describeInFull, isFullRun, shortened } from "@gumbel-tools/test";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BASE, openSite, pagesOfSite, type Site } from "./site.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Limit of the scripts that a page without a program loads, in compressed bytes. */
const SCRIPT_LIMIT = 150_000;
/** Pages that run programs at once, in workers that load their own scripts. */
const PROGRAMS = ["playground.html", "filters.html"];

/** One page of each kind, each a small one. */
const KINDS = [
  "index.html",
  "start.html",
  "understand/temperature.html",
  "guides/language-models.html",
  "packages/llm.html",
  "api/llm/transformers.html",
  "conformance.html",
  "benchmarks.html",
  "playground.html",
  "filters.html",
];
const pages = isFullRun ? pagesOfSite() : KINDS;

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

it.each(pages)(
  shortened(
    "%s loads without an error and under 150 kB of script, fits 360 and 1440 px, and axe finds nothing",
    "one page of each kind, in the light scheme",
  ),
  { timeout: 60_000 },
  async (address) => {
    const { page, errors, scripts } = await site.open(address, { colorScheme: "light" });
    if (!PROGRAMS.includes(address))
      expect(await compressedBytes(page, scripts.keys())).toBeLessThan(SCRIPT_LIMIT);
    await page.addScriptTag({ path: AXE });
    expect(await violationsOf(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    if (isFullRun) {
      expect(await violationsOf(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForFunction(() => document.documentElement.classList.contains("dark"));
      expect(await violationsOf(page, ["color-contrast"])).toEqual([]);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  },
);

it("the search finds pages by words of their text, by keyboard alone", { timeout: 60_000 }, async () => {
  const { page, errors } = await site.open("index.html");
  await page.keyboard.press("Control+k");
  const field = page.locator("#localsearch-input:focus");
  await field.waitFor();
  for (const [words, found] of [
    ["TypeScript", /Get started.*TypeScript/s],
    ["Safari", /Get started.*Browsers and runtimes/s],
    ["temperature 0", /Get started.*Temperature 0/s],
    ["top-p", /Get started.*top-p/s],
    ["vite", /Sample in a web page.*With Vite/s],
    ["transformers.js", /In transformers\.js/],
    ["entropy", /What the filters keep|entrop/],
  ] as const) {
    await field.fill(words);
    await page.locator("#localsearch-list .result").filter({ hasText: found }).first().waitFor();
  }
  await field.fill("shard vocabulary");
  await page.locator("#localsearch-list [aria-selected=true]").getByText("Shard a vocabulary").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/guides\/shards\.html/);
  expect(errors).toEqual([]);
});

it("the first page leads to a start, where a tab shows the program of one's own backend", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("index.html");
  await page.getByRole("main").getByRole("link", { name: "Get started" }).click();
  await page.waitForURL(/start\.html/);
  await page.getByRole("tab", { name: "ONNX" }).click();
  await page.getByText("npm install @gumbel/onnx onnxruntime-node").waitFor();
  expect(errors).toEqual([]);
});

it("a link to a case of the suite unfolds it where it stands, below the bar", {
  timeout: 60_000,
}, async () => {
  const { page, errors } = await site.open("specification.html");
  await page.locator("details.status > summary").first().click();
  const link = page.locator("details.status[open] a[href*='cases.html#case-']").first();
  const id = (await link.getAttribute("href"))!.split("#")[1]!;
  await link.click();
  await page.waitForURL(/cases\.html#case-/);
  const item = page.locator("li", { has: page.locator(`[id="${id}"]`) });
  await item.waitFor();
  const bar = (await page.locator(".VPNav").boundingBox())!;
  await expect.poll(async () => (await item.boundingBox())!.y).toBeGreaterThanOrEqual(bar.y + bar.height);
  expect((await item.boundingBox())!.y).toBeLessThan(page.viewportSize()!.height);
  expect(errors).toEqual([]);
});

it("an address that is not there shows the site's own page, with a way home, and axe finds nothing", {
  timeout: 60_000,
}, async () => {
  const { page } = await site.open("understand/nothing.html");
  await page.getByText("404").waitFor();
  expect(await page.getByRole("link", { name: "To the front page" }).getAttribute("href")).toBe(BASE);
  await page.addScriptTag({ path: AXE });
  expect(await violationsOf(page)).toEqual([]);
});

describeInFull("less motion", () => {
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

/** What axe finds, of all its rules or of some. */
async function violationsOf(page: Page, rules?: string[]): Promise<string[]> {
  // The theme names its switches once its scripts have run.
  await page.locator(".VPSwitchAppearance[title]:not([title=''])").first().waitFor({ state: "attached" });
  const { violations } = await page.evaluate((runOnly) => {
    const { axe } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return axe.run(runOnly === undefined ? {} : { runOnly });
  }, rules);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}
