import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import { mergeConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = mergeConfig(
  browserTests("bench-browser", ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-webgpu", "simple-statistics"]),
  { test: { globalSetup: "../packages/wasm/scripts/ensure-engine.mjs" } },
);
export default config;
