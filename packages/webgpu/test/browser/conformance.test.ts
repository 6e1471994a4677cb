// The conformance suite on the browser's own WebGPU.
import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import { webgpuTarget } from "../../src/conformance.ts";

describeConformance("webgpu in Chromium with subgroups", webgpuTarget(), smokeUnlessFull);
describeConformance(
  "webgpu in Chromium without subgroups",
  webgpuTarget({ subgroups: false }),
  smokeUnlessFull,
);
