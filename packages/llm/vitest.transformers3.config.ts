// The tests of the adapter to transformers.js over version 3, which is installed beside version 4.
import { defineConfig, type ViteUserConfig } from "vitest/config";
import config from "./vitest.config.ts";

const version3: ViteUserConfig = defineConfig({
  ...config,
  resolve: { ...config.resolve, alias: { "@huggingface/transformers": "transformers-3" } },
  test: { ...config.test, name: "llm transformers.js 3", include: ["test/transformers/*.test.ts"] },
});
export default version3;
