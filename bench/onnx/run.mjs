// `node bench/onnx/run.mjs [--quick] [--shapes 1x32000] [--runtimes node,wasm] [--threads 1]`: sampling graphs on ONNX Runtime in
// Node, contestants interleaved. Prints a Markdown table for each runtime, operation and shape, with the ratio to the graph
// written by hand; a ratio is the median over rounds.
import { cpus } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { createServer } from "vite";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    shapes: { type: "string", default: "1x32000,1x151936,64x4096" },
    runtimes: { type: "string", default: "node,wasm" },
    threads: { type: "string", default: "1" },
  },
});
const threads = Number(flags.threads);
web.env.wasm.numThreads = threads;
const RUNTIMES = {
  node: [node, { executionProviders: ["cpu"], intraOpNumThreads: threads }],
  wasm: [web, { executionProviders: ["wasm"] }],
};

const conditions = ["gumbel-source"];
const server = await createServer({
  root: dirname(fileURLToPath(import.meta.url)),
  configFile: false,
  logLevel: "error",
  server: { middlewareMode: true },
  appType: "custom",
  resolve: { conditions },
  ssr: { resolve: { conditions }, noExternal: [/^@gumbel\//] },
});
const { contestants } = await server.ssrLoadModule("/contestants.ts");
console.log(`${cpus()[0].model}, ${threads} thread(s)`);
for (const runtime of flags.runtimes.split(",")) {
  const [ort, options] = RUNTIMES[runtime];
  for (const operation of ["categorical", "gumbelSoftmax"]) {
    for (const shape of flags.shapes.split(",").map((text) => text.split("x").map(Number))) {
      const entries = await contestants(ort, options, operation, shape);
      const times = await measure(entries, flags.quick ? 7 : 31);
      const elements = shape[0] * shape[1];
      console.log(`\n### ${runtime}, ${operation} of [${shape.join(", ")}]\n`);
      console.log("| | ns/element | × by hand |\n| --- | ---: | ---: |");
      entries.forEach(({ name }, i) => {
        const ratio = median(times[i].map((time, round) => time / times[0][round]));
        const nanoseconds = (median(times[i]) * 1e6) / elements;
        console.log(`| ${name} | ${nanoseconds.toFixed(2)} | ${ratio.toFixed(2)} |`);
      });
    }
  }
}
await server.close();

/** Milliseconds of each contestant in each round. */
async function measure(entries, rounds) {
  const times = entries.map(() => []);
  for (let round = -2; round < rounds; round++) {
    for (const [i, { run }] of entries.entries()) {
      const start = performance.now();
      await run(round + 2);
      // The first rounds warm up.
      if (round >= 0) times[i].push(performance.now() - start);
    }
  }
  return times;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
