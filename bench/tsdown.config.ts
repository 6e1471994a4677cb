import { defineConfig } from "tsdown";
import { ensureEngine } from "../packages/wasm/scripts/build-engine.mjs";

// The packages' own sources, bundled as a user's bundler would: what is measured is the source in the repository.
await ensureEngine();

export default defineConfig({
  entry: { main: "src/main.ts", child: "src/node/child.ts" },
  platform: "node",
  target: "es2022",
  dts: false,
  fixedExtension: false,
  // What main needs whatever is measured is bundled as well: a machine with a GPU is given dist, and `webgpu` for --gpu.
  deps: { alwaysBundle: [/^@gumbel\//, /^(birpc|cli-progress|markdown-table|simple-statistics|valibot)$/] },
  inputOptions: { resolve: { conditionNames: ["gumbel-source", "node", "import", "default"] } },
});
