import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import { mergeConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = mergeConfig(browserTests("wasm-browser", ["@gumbel/core > fast-check"]), {
  test: { globalSetup: "scripts/ensure-engine.mjs" },
});
export default config;
