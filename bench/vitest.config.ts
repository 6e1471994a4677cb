import { defineConfig } from "vitest/config";

const conditions = ["gumbel-source"];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "bench",
    // Vitest's 5 s are too few for a machine that runs other tests beside.
    testTimeout: 60_000,
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    globalSetup: ["../packages/wasm/scripts/ensure-engine.mjs"],
  },
});
