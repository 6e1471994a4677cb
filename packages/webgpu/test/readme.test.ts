import { useSwiftshader } from "@gumbel-tools/chromium";
import { describeReadme } from "@gumbel-tools/test/readme";

// The machine's GPU: everything else stands in the README.
useSwiftshader();
describeReadme(new URL("..", import.meta.url), { imported: "node-webgpu.mjs" });
