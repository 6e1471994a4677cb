// The whole conformance suite on the browser's own WebGPU.
import { describeConformance } from "@gumbel/core/vitest";
import { createTarget } from "../../src/conformance.ts";

describeConformance("webgpu in Chromium with subgroups", createTarget());
describeConformance("webgpu in Chromium without subgroups", createTarget({ subgroups: false }));
