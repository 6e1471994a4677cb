import { ensureChromium, launchArgs } from "@gumbel-tools/chromium";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ["gumbel-source"] },
  // Bundled before the first test: a dependency that is found later would reload the page under it.
  optimizeDeps: { include: ["@gumbel/core > fast-check"] },
  test: {
    name: "webgpu-browser",
    include: ["test/browser/**/*.test.ts"],
    // One page at a time: they share a software GPU.
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: ensureChromium(), args: [...launchArgs] } }),
      instances: [{ browser: "chromium" }],
    },
  },
});
export default config;
