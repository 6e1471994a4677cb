// `node bench/webgpu/run-dawn.mjs [--quick] [--shapes 64x10,1x32000] [--software]`: ours and the floors on Dawn for Node,
// over the machine's Vulkan driver: for a GPU on a machine without a browser. Many runs a submit, so that the GPU's own
// time is what is seen. Dawn spins while it waits: with --software (SwiftShader) the figures are worth less than run.mjs's.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { swiftshaderEnv } from "@gumbel-tools/chromium";
import { createServer } from "vite";
import { create, globals } from "webgpu";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    software: { type: "boolean", default: false },
    shapes: { type: "string", default: "64x10,1x32000,1x151936,64x4096,4096x64,64x50257" },
  },
});
if (flags.software) Object.assign(process.env, swiftshaderEnv());
Object.assign(globalThis, globals);
// Reachable for the life of the process: Dawn crashes when it is collected.
globalThis.dawn = create([]);

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
const load = (path) => server.ssrLoadModule(path);
const [{ ours }, { floors }, { measure }] = await Promise.all(
  ["/ours.ts", "/floors.ts", "/measure.ts"].map(load),
);
const adapter = await globalThis.dawn.requestAdapter({ powerPreference: "high-performance" });
if (adapter === null)
  throw new Error("Dawn finds no Vulkan device: install the GPU's driver, or pass --software");
const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
const device = await adapter.requestDevice({
  requiredFeatures: ["subgroups"].filter((feature) => adapter.features.has(feature)),
  requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
});
const { vendor, architecture, description, subgroupMinSize, subgroupMaxSize } = adapter.info;
console.log(
  `${vendor} ${architecture} ${description}, subgroups of ${subgroupMinSize} to ${subgroupMaxSize}`,
);
const contestants = [...floors(device), ...(await ours(device))];
for (const shape of flags.shapes.split(",").map((text) => text.split("x").map(Number))) {
  const figures = await measure(contestants, shape, {
    rounds: flags.quick ? 5 : 25,
    turn: flags.quick ? 50 : 200,
  });
  const floor = figures.find(({ name }) => name === "Threefry alone");
  console.log(
    `\n### [${shape.join(", ")}]\n\n| | ns/element | least | µs/run | × Threefry |\n| --- | ---: | ---: | ---: | ---: |`,
  );
  for (const { name, median, least, microseconds, fault } of figures) {
    const note = fault === undefined ? "" : ` **wrong: ${fault}**`;
    const cells = [
      median.toFixed(3),
      least.toFixed(3),
      microseconds.toFixed(1),
      (median / floor.median).toFixed(2),
    ];
    console.log(`| ${name}${note} | ${cells.join(" | ")} |`);
  }
}
await server.close();
process.exit(0);
