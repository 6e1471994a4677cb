import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "llm",
    // Vitest's 5 s are too few for a machine that runs other tests beside.
    testTimeout: 60_000,
    include: ["test/**/*.test.ts"],
    // Vitest leaves a core to others, which on two cores is half of what there is.
    maxWorkers: "100%",
    // The tests read the sources of @gumbel/wasm, whose engine must be compiled.
    globalSetup: "../wasm/scripts/ensure-engine.mjs",
  },
});
export default config;
