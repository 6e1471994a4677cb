import type { UserConfig } from "tsdown";

const config: UserConfig = {
  entry: {
    index: "src/index.ts",
    core: "src/core.ts",
    conformance: "src/conformance.ts",
  },
  platform: "neutral",
  target: "es2022",
  dts: true,
  fixedExtension: false,
};
export default config;
