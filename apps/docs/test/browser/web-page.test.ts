// The pages that the guide "Sample in a web page" prints run in a browser as they are printed, and draw what the guide says.
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SiteServer, serve } from "./serve.ts";

const GUIDE = readFileSync(new URL("../../pages/guides/web-page.md", import.meta.url), "utf8");
const NODE_MODULES = fileURLToPath(new URL("../../node_modules/", import.meta.url));
/** Inside of the package, so that Vite finds its dependencies. */
const FOLDER = join(NODE_MODULES, ".web-page");

const [vitePage, importMapPage] = blocksOf("html");
const [main] = blocksOf("js");
const drawn = /console\.log.*; \/\/ (.*)$/m.exec(main!)![1]!;

let browser: Browser;
const servers: SiteServer[] = [];
beforeAll(async () => {
  mkdirSync(join(FOLDER, "vite"), { recursive: true });
  mkdirSync(join(FOLDER, "import-map"), { recursive: true });
  browser = await chromium.launch({ executablePath: ensureChromium(), args: [...launchArgs] });
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) await server.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

it("the page that Vite builds says on the console what its program says in Node", {
  timeout: 60_000,
}, async () => {
  const root = join(FOLDER, "vite");
  writeFileSync(join(root, "index.html"), vitePage!);
  writeFileSync(join(root, "main.js"), main!);
  await build({ root, configFile: false, logLevel: "error" });

  const page = await browser.newPage();
  const printed = page.waitForEvent("console", (message) => message.type() === "log");
  await page.goto(await addressOf(join(root, "dist")));
  expect((await printed).text()).toBe(drawn);
});

it("the page with an import map shows the same sample", { timeout: 60_000 }, async () => {
  const root = join(FOLDER, "import-map");
  writeFileSync(join(root, "index.html"), importMapPage!);
  symlinkSync(NODE_MODULES, join(root, "node_modules"));

  const page = await browser.newPage();
  await page.goto(await addressOf(root));
  await page.getByText(drawn, { exact: true }).waitFor();
});

function blocksOf(language: string): string[] {
  const blocks = GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"));
  return Array.from(blocks, ([, code]) => code!);
}

async function addressOf(folder: string): Promise<string> {
  const server = await serve(folder, "/");
  servers.push(server);
  return server.url;
}
