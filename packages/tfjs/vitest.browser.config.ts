import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import { mergeConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = mergeConfig(
  browserTests("tfjs-browser", [
    "@tensorflow/tfjs",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-webgpu",
    "@gumbel/core > fast-check",
  ]),
  // The tests read the sources of @gumbel/wasm, whose engine must be compiled.
  { test: { globalSetup: "../wasm/scripts/ensure-engine.mjs" } },
);
export default config;
