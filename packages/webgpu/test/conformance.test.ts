// The conformance suite on Dawn, over each distinct set of kernels.
import { describeConformance } from "@gumbel/core/vitest";
import { describeInFull, quickOnGpuUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";
import { webgpuTarget } from "../src/conformance.ts";
import { asHardware, createDevice } from "./dawn.ts";

describeConformance(
  "webgpu on Dawn with subgroups",
  webgpuTarget({ requestDevice: () => createDevice(["subgroups"]) }),
  quickOnGpuUnlessFull,
);

describeConformance(
  "webgpu on Dawn with the kernels of hardware",
  webgpuTarget({ requestDevice: async () => asHardware(await createDevice()) }),
  smokeUnlessFull,
);

describeInFull("kernels that Chromium's run certifies in part", () => {
  describeConformance(
    "webgpu on Dawn without subgroups",
    webgpuTarget({ requestDevice: () => createDevice() }),
    smokeUnlessFull,
  );
});
