import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name: "digits-vae", include: ["test/**/*.test.ts"] },
});
export default config;
