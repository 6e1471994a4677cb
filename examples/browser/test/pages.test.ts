// Both pages in Chromium: the dice fall as loaded, and the picture appears.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { type Browser, chromium } from "playwright-core";
import sirv from "sirv";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";

const folderOf = (name: string) => fileURLToPath(new URL(`../${name}/`, import.meta.url));

let browser: Browser;
const servers: Server[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: ensureChromium(), args: [...launchArgs] });
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

it("the page without a bundler samples and trains", async () => {
  await expectTrained(await serve(folderOf("import-map")));
});

it("the page that Vite builds samples, and trains in its worker", async () => {
  const root = folderOf("vite");
  await build({ root, logLevel: "error" });
  await expectTrained(await serve(`${root}dist`));
});

/** Serves a folder as it is. Returns its address. */
async function serve(folder: string): Promise<string> {
  const files = sirv(folder, { dev: true });
  const server = createServer((request, response) => files(request, response));
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function expectTrained(url: string): Promise<void> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  await page.waitForFunction(() => {
    const [, right] = /: (\d+) of 144/.exec(document.querySelector("#status")?.textContent ?? "") ?? [];
    return Number(right) >= 139;
  });

  const counts = () =>
    page.locator("#throws meter").evaluateAll((all) => all.map((meter) => (meter as HTMLMeterElement).value));
  const first = await counts();
  expect(first.reduce((sum, count) => sum + count)).toBe(600);
  // Face 6 has probability 3/8: 225 of 600, with a standard deviation of 12.
  expect(Math.abs(first[5] - 225)).toBeLessThan(60);
  await page.getByRole("button").click();
  expect(await counts()).not.toEqual(first);

  // Of the picture 82 pixels are not white, and 54 red; a few are drawn otherwise.
  const [painted, red] = await page.locator("#picture").evaluate((canvas) => {
    const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, 12, 12);
    const pixels = Array.from({ length: 144 }, (_, i) => Array.from(data.slice(4 * i, 4 * i + 3)).join());
    return [
      pixels.filter((rgb) => rgb !== "255,255,255").length,
      pixels.filter((rgb) => rgb === "220,40,60").length,
    ];
  });
  expect(Math.abs(painted - 82)).toBeLessThan(8);
  expect(Math.abs(red - 54)).toBeLessThan(8);
  expect(errors).toEqual([]);
  await page.close();
}
