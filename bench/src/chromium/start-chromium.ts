// Opens the page in headless Chromium and speaks with it as with the service.
import { cpus } from "node:os";
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { chromium } from "playwright-core";
import { createServer } from "vite";
import type { RunningEnvironment } from "../run.ts";
import type { Service } from "../service.ts";
import { processorMilliseconds } from "./processor-time.ts";

/** Modules of packages that the page may ask for: named, so that the server does not reload the page when it meets them. */
const DEPENDENCIES = [
  "@bufbuild/protobuf",
  "@jax-js/jax",
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-webgpu",
  "onnx-buf",
  "onnxruntime-web/webgpu",
  "simple-statistics",
];

/**
 * Starts the environment `chromium`.
 *
 * @param folder of the bench
 * @param hardware whether to use the machine's GPU instead of Chromium's software one
 */
export async function startChromium(folder: string, hardware: boolean): Promise<RunningEnvironment> {
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["gumbel-source"] },
    optimizeDeps: { include: DEPENDENCIES, entries: ["index.html"] },
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
    await page.waitForFunction(() => "ask" in window, undefined, { timeout: 120_000 });
    const { description, isSoftware } = await page.evaluate(() => window.adapter());
    const ask = (method: string, parameters: readonly unknown[]) =>
      page.evaluate(
        ([method, parameters]) => window.ask(method as keyof Service, parameters as unknown[]),
        [method, parameters],
      );
    return {
      environment: {
        id: "chromium",
        runtime: `Chromium ${browser.version()}`,
        gpu: isSoftware ? `${description}, on ${cpus().length} processors` : description,
        softwareGpu: isSoftware,
      },
      preferred: ["gumbel-webgpu", "gumbel-tfjs-webgpu", "gumbel-onnx-webgpu", "gumbel-tfjs-webgl"],
      service: new Proxy({} as Service, {
        get:
          (_, method: string) =>
          (...parameters: unknown[]) =>
            ask(method, parameters),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
