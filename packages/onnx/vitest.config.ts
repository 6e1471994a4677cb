import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "onnx",
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    // Vitest leaves a core to others, which on two cores is half of what there is.
    maxWorkers: "100%",
    testTimeout: 120_000,
    // The tests read the sources of @gumbel/wasm, whose engine must be compiled.
    globalSetup: "../wasm/scripts/ensure-engine.mjs",
  },
});
export default config;
