import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = browserTests("webgpu-browser", ["@gumbel/core > fast-check"]);
export default config;
