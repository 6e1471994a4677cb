import type { UserConfig } from "tsdown";

const config: UserConfig = {
  entry: {
    index: "src/index.ts",
    transformers: "src/transformers.ts",
    "web-llm": "src/web-llm.ts",
  },
  platform: "neutral",
  target: "es2022",
  dts: true,
  fixedExtension: false,
};
export default config;
