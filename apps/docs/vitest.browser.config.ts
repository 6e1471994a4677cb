import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    name: "docs-browser",
    include: ["test/browser/**/*.test.ts"],
    // One browser at a time: they share a software GPU.
    fileParallelism: false,
    hookTimeout: 120_000,
  },
});
export default config;
