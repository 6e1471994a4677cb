import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "webgpu",
    // Vitest's 5 s are too few for a machine that runs other tests beside.
    testTimeout: 60_000,
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    // Vitest leaves a core to others, which on two cores is half of what there is.
    maxWorkers: "100%",
  },
});
export default config;
