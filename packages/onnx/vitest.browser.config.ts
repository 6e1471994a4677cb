import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import { mergeConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = mergeConfig(
  browserTests("onnx-browser", [
    "onnxruntime-web",
    "onnxruntime-web/wasm",
    "onnxruntime-web/webgpu",
    "onnx-buf",
    "@gumbel/core > fast-check",
  ]),
  // The tests read the sources of @gumbel/wasm, whose engine must be compiled.
  { test: { globalSetup: "../wasm/scripts/ensure-engine.mjs" } },
);
export default config;
