// `node bench/webgpu/run.mjs [--quick] [--no-peers] [--shapes 64x10,1x32000] [--only name] [--json file]`: the WebGPU
// bench in headless Chromium, all contestants interleaved in one page. Prints a Markdown table.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { chromium } from "playwright-core";
import { createServer } from "vite";

const SHAPES = "64x10,1x32000,1x151936,64x4096,4096x64,64x50257";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    peers: { type: "boolean", default: true },
    shapes: { type: "string", default: SHAPES },
    only: { type: "string" },
    json: { type: "string" },
    /** Run on the machine's GPU instead of SwiftShader. */
    hardware: { type: "boolean", default: false },
  },
  allowNegative: true,
});

const root = dirname(fileURLToPath(import.meta.url));
const server = await createServer({
  root,
  configFile: false,
  logLevel: "error",
  resolve: { conditions: ["gumbel-source"] },
  optimizeDeps: {
    include: flags.peers ? ["@jax-js/jax", "@tensorflow/tfjs", "@tensorflow/tfjs-backend-webgpu"] : [],
  },
  server: { port: 0, host: "127.0.0.1" },
});
await server.listen();
const args = flags.hardware ? launchArgs.filter((flag) => !flag.includes("swiftshader")) : [...launchArgs];
const browser = await chromium.launch({ executablePath: ensureChromium(), args });
try {
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && console.error(message.text()));
  page.on("pageerror", (error) => console.error(error));
  await page.goto(server.resolvedUrls.local[0]);
  await page.waitForFunction(() => "bench" in window, undefined, { timeout: 120_000 });
  const adapter = await page.evaluate(() => window.adapter());
  console.error(`${adapter}, Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0].model}`);
  const results = [];
  for (const shape of flags.shapes.split(",").map((text) => text.split("x").map(Number))) {
    console.error(`[${shape}] …`);
    const options = {
      rounds: flags.quick ? 5 : 15,
      turn: flags.quick ? 60 : 200,
      peers: flags.peers,
      only: flags.only,
    };
    const figures = await page.evaluate(([shape, options]) => window.bench(shape, options), [shape, options]);
    results.push({ shape, figures });
    console.log(
      `\n### [${shape.join(", ")}]\n\n| | ns/element | quartiles | least | µs/run | × Threefry | least × |\n| --- | ---: | --- | ---: | ---: | ---: | ---: |`,
    );
    const floor = figures.find(({ name }) => name === "Threefry alone");
    for (const { name, median, low, high, least, microseconds, fault } of figures) {
      const spread = `${low.toFixed(1)}–${high.toFixed(1)}`;
      const note = fault === undefined ? "" : ` **wrong: ${fault}**`;
      console.log(
        `| ${name}${note} | ${median.toFixed(1)} | ${spread} | ${least.toFixed(1)} | ${microseconds.toFixed(0)} | ${(median / floor.median).toFixed(2)} | ${(least / floor.least).toFixed(2)} |`,
      );
    }
  }
  if (flags.json !== undefined) {
    const machine = { adapter, chromium: browser.version(), cpu: cpus()[0].model, cores: cpus().length };
    writeFileSync(
      flags.json,
      `${JSON.stringify({ date: new Date().toISOString(), machine, results }, null, 2)}\n`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}
