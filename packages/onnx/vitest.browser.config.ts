import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = browserTests("onnx-browser", [
  "onnxruntime-web",
  "onnxruntime-web/wasm",
  "onnxruntime-web/webgpu",
  "onnx-buf",
  "@gumbel/core > fast-check",
]);
export default config;
