// Serves the built site and opens its pages in a browser, collecting their errors.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { serve } from "./serve.ts";

/** Where `build` puts the site. */
export const DIST: string = fileURLToPath(new URL("../../dist/", import.meta.url));
/** Its base path, as .vitepress/config.ts says. */
export const BASE: string = process.env.DOCS_BASE ?? "/gumbel/";

/** Addresses of all pages, relative to the base path. */
export function pagesOfSite(): string[] {
  if (!existsSync(join(DIST, "index.html")))
    throw new Error("the site is not built: run its build script first");
  return readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".html") && name !== "404.html")
    .sort();
}

/** An open page and its errors so far. */
export interface OpenPage {
  readonly page: Page;
  /** Errors on the console, exceptions, and requests that failed. */
  readonly errors: readonly string[];
  /** Bytes of script that the page loaded, by address. */
  readonly scripts: ReadonlyMap<string, number>;
}

/** The site in a browser. */
export interface Site {
  open(address: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

/** Serves the site and starts a browser. */
export async function openSite(): Promise<Site> {
  const server = await serve(DIST, BASE);
  const browser: Browser = await chromium.launch({ executablePath: ensureChromium(), args: [...launchArgs] });
  return {
    async open(address, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      const errors: string[] = [];
      const scripts = new Map<string, number>();
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("requestfailed", (request) => errors.push(`${request.url()} ${request.failure()?.errorText}`));
      page.on("response", async (response) => {
        if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
        const type = response.headers()["content-type"] ?? "";
        if (!type.includes("javascript")) return;
        // A page that is closed while it loads has no body; its scripts are not measured.
        const body = await response.body().catch(() => undefined);
        if (body !== undefined) scripts.set(response.url(), body.length);
      });
      await page.goto(server.url + address, { waitUntil: "networkidle" });
      return { page, errors, scripts };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
