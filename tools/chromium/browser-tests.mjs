// The vitest config of a package's tests in headless Chromium.
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { disabledDawnFeatures } from "./disabled-dawn-features.mjs";
import { ensureChromium } from "./ensure-chromium.mjs";
import { launchArgs } from "./launch-args.mjs";

/** @type {typeof import("./browser-tests.d.mts").browserTests} */
export function browserTests(name, dependencies = []) {
  const args = [...launchArgs, `--disable-dawn-features=${disabledDawnFeatures}`];
  return defineConfig({
    resolve: { conditions: ["gumbel-source"] },
    optimizeDeps: { include: [...dependencies] },
    test: {
      name,
      include: ["test/browser/**/*.test.ts"],
      // One page at a time: they share a software GPU.
      fileParallelism: false,
      // A page has no environment: this is what tests read of it, as import.meta.env.
      env: { GUMBEL_TEST_FULL: process.env.GUMBEL_TEST_FULL ?? "" },
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: ensureChromium(), args } }),
        instances: [{ browser: "chromium" }],
      },
    },
  });
}
