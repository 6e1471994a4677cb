import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import { mergeConfig } from "vitest/config";

export default mergeConfig(
  browserTests("bench-browser", ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-webgpu", "simple-statistics"]),
  { test: { globalSetup: "../packages/wasm/scripts/ensure-engine.mjs" } },
);
