// Every page loads clean, fits a phone and a desk, and can be read by everybody.
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSite, pagesOfSite, type Site } from "./site.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Script that a page which runs nothing may load, in bytes as they come over the wire, compressed. */
const SCRIPT_LIMIT = 150_000;

/** All pages but the generated API reference, of which each package's first page stands for the rest. */
const pages = pagesOfSite().filter(
  (page) => !page.startsWith("api/") || /^api\/(\w+\/)?index\.html$/.test(page),
);

let site: Site;
beforeAll(async () => {
  site = await openSite();
}, 120_000);
afterAll(() => site.close());

it.each(pages)(
  "%s loads without an error, fits 360 and 1440 px, and has no serious accessibility fault in either scheme",
  { timeout: 60_000 },
  async (address) => {
    const { page, errors } = await site.open(address, { colorScheme: "light" });
    await page.addScriptTag({ path: AXE });
    expect(await seriousFaults(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => document.documentElement.classList.contains("dark"));
    expect(await seriousFaults(page, ["color-contrast"])).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
    await page.context().close();
  },
);

it.each(["index.html", "understand/index.html", "specification.html", "conformance.html"])(
  "the first load of %s stays under 150 kB of script",
  { timeout: 60_000 },
  async (address) => {
    const { page, scripts } = await site.open(address);
    const bodies = await Promise.all(
      [...scripts.keys()].map(async (url) => gzipSync(await (await page.request.get(url)).body()).length),
    );
    const bytes = bodies.reduce((sum, size) => sum + size, 0);
    console.log(`${address}: ${bytes} bytes of script, compressed, in ${bodies.length} files`);
    expect(bodies.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(SCRIPT_LIMIT);
    await page.context().close();
  },
);

/** Pixels that the page is wider than its window. */
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
