import { browserTests } from "@gumbel-tools/chromium/browser-tests";
import type { ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = browserTests("core-browser", ["fast-check"]);
export default config;
