// The whole conformance suite on the webgpu backend.

import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull } from "@gumbel-tools/test";
import { tfjsTarget } from "../../src/conformance.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs webgpu", tfjsTarget(tf, "webgpu"), quickUnlessFull);
