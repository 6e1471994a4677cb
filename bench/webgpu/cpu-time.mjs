// `node bench/webgpu/cpu-time.mjs [--shapes 1x151936] [--only name]`: processor time of the software GPU per element, for
// machines that others use too: unlike elapsed time it hardly depends on what else runs. Linux and SwiftShader only.
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { chromium } from "playwright-core";
import { createServer } from "vite";

const { values: flags } = parseArgs({
  options: {
    shapes: { type: "string", default: "1x151936,64x4096,4096x64" },
    only: { type: "string", default: "" },
  },
});
/** Elements that a figure is made of. */
const ELEMENTS = 2e7;
/** Clock ticks a second: `sysconf(_SC_CLK_TCK)` is 100 on every Linux. */
const TICKS = 100;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const resolve = { conditions: ["gumbel-source"] };
const server = await createServer({
  root,
  configFile: false,
  logLevel: "error",
  resolve,
  server: { host: "127.0.0.1" },
});
await server.listen();
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...launchArgs] });
try {
  const page = await browser.newPage();
  await page.goto(server.resolvedUrls.local[0]);
  await page.waitForFunction(() => "ask" in window, undefined, { timeout: 60_000 });
  const names = await page.evaluate(() => window.names());
  for (const shape of flags.shapes.split(",").map((text) => text.split("x").map(Number))) {
    const times = Math.max(2, Math.round(ELEMENTS / (shape[0] * shape[1])));
    let floor;
    for (const name of names) {
      const isFloor = name.startsWith("webgpu-floor");
      if (name.startsWith("webgpu-submit") || !(isFloor || name.includes(flags.only))) continue;
      await page.evaluate(([name, shape]) => window.repeat(name, shape, 3), [name, shape]);
      const before = gpuSeconds();
      await page.evaluate(([name, shape, times]) => window.repeat(name, shape, times), [name, shape, times]);
      const spent = ((gpuSeconds() - before) * 1e9) / (times * shape[0] * shape[1]);
      floor ??= spent;
      console.log(
        `[${shape}] ${name.padEnd(40)} ${spent.toFixed(1).padStart(6)} ns/element, × ${(spent / floor).toFixed(2)}`,
      );
    }
  }
} finally {
  await browser.close();
  await server.close();
}

/** Processor seconds of this browser's GPU process. */
function gpuSeconds() {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  let ticks = 0;
  for (const id of processes) {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, "utf8");
      const parent = parentOf(id);
      if (!command.includes("--type=gpu-process") || !ancestors(parent).includes(process.pid)) continue;
      const fields = readFileSync(`/proc/${id}/stat`, "utf8").split(") ")[1].split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // The process has ended since it was listed.
    }
  }
  return ticks / TICKS;
}

function ancestors(id) {
  return id <= 1 ? [] : [id, ...ancestors(parentOf(id))];
}

function parentOf(id) {
  return Number(readFileSync(`/proc/${id}/stat`, "utf8").split(") ")[1].split(" ")[1]);
}
