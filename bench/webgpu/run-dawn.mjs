// `node bench/webgpu/run-dawn.mjs [--quick] [--shapes 64x10,1x32000] [--software]`: ours and the floors on Dawn for Node,
// over the machine's Vulkan driver: for a GPU on a machine without a browser. Many runs a submit, so that the GPU's own
// time is what is seen. Dawn spins while it waits: with --software (SwiftShader) the figures are worth less than Chromium's.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { useSwiftshader } from "@gumbel-tools/chromium";
import { createServer } from "vite";
import { create, globals } from "webgpu";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    software: { type: "boolean", default: false },
    shapes: { type: "string", default: "64x10,1x32000,1x151936,64x4096,4096x64,64x50257" },
  },
});
if (flags.software) useSwiftshader();
Object.assign(globalThis, globals);
// Reachable for the life of the process: Dawn crashes when it is collected.
globalThis.dawn = create([]);

const conditions = ["gumbel-source"];
const server = await createServer({
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  configFile: false,
  logLevel: "error",
  server: { middlewareMode: true },
  appType: "custom",
  resolve: { conditions },
  ssr: { resolve: { conditions }, noExternal: [/^@gumbel\//] },
});
const load = (path) => server.ssrLoadModule(`/src/${path}`);
const { gumbelWebgpu } = await load("contestants/gumbel-webgpu.ts");
const { webgpuFloors } = await load("contestants/webgpu-floors.ts");
const { createService } = await load("service.ts");
const { OPERATIONS } = await load("run.ts");
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
const start = (id, start) => ({
  id,
  name: id,
  family: "webgpu",
  ours: true,
  library: "@gumbel/webgpu",
  start,
});
const service = createService([
  start("gumbel-webgpu", () => gumbelWebgpu(device)),
  start("webgpu-floor", async () => webgpuFloors(device)),
]);
const roster = await service.roster(["webgpu"]);
const options = {
  rounds: flags.quick ? 5 : 25,
  turn: flags.quick ? 50 : 200,
  budget: 60_000,
  longest: 10_000,
};
for (const shape of flags.shapes.split(",").map((text) => text.split("x").map(Number))) {
  console.log(
    `\n### [${shape.join(", ")}]\n\n| | ns/element | quartiles | µs/run | × Threefry |\n| --- | ---: | --- | ---: | ---: |`,
  );
  const all = [];
  for (const operation of OPERATIONS) {
    if (!roster.some(({ operations }) => operations.some((each) => each.operation === operation))) continue;
    const { figures } = await service.measure(operation, shape, ["gumbel-webgpu"], options);
    all.push(...figures.map((figure) => ({ ...figure, operation })));
  }
  const floor = all.find(
    ({ contestant, operation }) => contestant === "webgpu-floor" && operation === "bits",
  );
  for (const { contestant, operation, wall, wrong, failed } of all) {
    if (wall === undefined) {
      console.log(`| ${contestant} ${operation} **${failed}** | | | | |`);
      continue;
    }
    const note = wrong === undefined ? "" : ` **wrong: ${wrong}**`;
    const [low, median, high] = wall;
    const cells = [
      median.toFixed(3),
      `${low.toFixed(3)}–${high.toFixed(3)}`,
      ((median * shape[0] * shape[1]) / 1000).toFixed(1),
      (median / floor.wall[1]).toFixed(2),
    ];
    console.log(`| ${contestant} ${operation}${note} | ${cells.join(" | ")} |`);
  }
}
await server.close();
process.exit(0);
