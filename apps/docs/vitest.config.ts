import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: { name: "docs", include: ["test/*.test.ts"] },
});
export default config;
