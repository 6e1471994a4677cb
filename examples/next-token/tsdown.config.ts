import type { UserConfig } from "tsdown";

const config: UserConfig = {
  entry: { main: "src/main.ts" },
  platform: "node",
  target: "es2022",
  dts: false,
  fixedExtension: false,
};
export default config;
