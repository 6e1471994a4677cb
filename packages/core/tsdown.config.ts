import type { UserConfig } from "tsdown";

const config: UserConfig = {
  entry: {
    index: "src/index.ts",
    shared: "src/shared.ts",
    adapter: "src/adapter.ts",
    spec: "src/spec/index.ts",
    conformance: "src/conformance/index.ts",
    vitest: "src/vitest.ts",
    cli: "src/cli/main.ts",
  },
  platform: "neutral",
  deps: { neverBundle: [/^node:/] },
  target: "es2022",
  dts: true,
  fixedExtension: false,
};
export default config;
