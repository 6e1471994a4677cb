// All tests of the repository: `pnpm exec vitest`, one package with `--project core`.
// Vitest 4 does not read `projects` in a package's own config: what runs in a browser has a vitest.browser.config.ts beside it.
import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      "{packages,examples,tools}/*/vitest.config.ts",
      "{packages,examples,tools}/*/vitest.browser.config.ts",
    ],
  },
});
export default config;
