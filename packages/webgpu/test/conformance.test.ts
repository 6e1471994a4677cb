import { describeConformance } from "@gumbel/core/vitest";
import { createTarget } from "../src/conformance.ts";
import { createDevice } from "./dawn.ts";

describeConformance(
  "webgpu on Dawn with subgroups",
  createTarget({ requestDevice: () => createDevice(["subgroups"]) }),
);

describeConformance(
  "webgpu on Dawn without subgroups",
  createTarget({ requestDevice: () => createDevice() }),
);
