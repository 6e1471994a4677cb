import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "next-token",
    // Vitest's 5 s are too few for a machine that runs other tests beside.
    testTimeout: 60_000,
    include: ["test/**/*.test.ts"],
  },
});
export default config;
