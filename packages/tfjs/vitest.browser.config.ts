import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = browserTests("tfjs-browser", [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgpu",
  "@gumbel/core > fast-check",
]);
export default config;
