import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["gumbel-source"];
const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { name: "onnx", include: ["test/**/*.test.ts"], exclude: ["test/browser/**"], testTimeout: 120_000 },
});
export default config;
