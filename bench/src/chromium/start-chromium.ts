// Opens the page in headless Chromium; its service is the environment's.
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { chromium } from "playwright-core";
import { createServer } from "vite";
import type { Running } from "../run.ts";
import type { Service } from "../service.ts";
import { processorMilliseconds } from "./processor-time.ts";

/** Starts Chromium with the bench of a folder, on the machine's GPU or else on its software one. */
export async function startChromium(folder: string, hardware: boolean): Promise<Running> {
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["gumbel-source"] },
    optimizeDeps: { entries: ["index.html"] },
    server: { host: "127.0.0.1", port: 0, watch: null },
  });
  await server.listen();
  const args = hardware ? launchArgs.filter((flag) => !flag.includes("swiftshader")) : [...launchArgs];
  const browser = await chromium.launch({ executablePath: ensureChromium(), args });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => process.stderr.write(`page: ${error}\n`));
    // Linux only: there is no such clock elsewhere.
    if (process.platform === "linux")
      await page.exposeFunction("processorMilliseconds", () => processorMilliseconds(process.pid));
    await page.goto(server.resolvedUrls!.local[0]);
    await page.waitForFunction(() => "service" in window, undefined, { timeout: 120_000 });
    type Question = [name: string, parameters: unknown[]];
    const answer = ([name, parameters]: Question) =>
      (window.service[name as keyof Service] as (...parameters: unknown[]) => unknown)(...parameters);
    const ask =
      (name: string) =>
      (...parameters: unknown[]) =>
        page.evaluate(answer, [name, parameters] as Question);
    const service = new Proxy({} as Service, { get: (_, name: string) => ask(name) });
    return { runtime: `Chromium ${browser.version()}`, service, close };
  } catch (error) {
    await close();
    throw error;
  }
}
