import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "bench",
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    globalSetup: ["../packages/wasm/scripts/ensure-engine.mjs"],
  },
});
export default config;
