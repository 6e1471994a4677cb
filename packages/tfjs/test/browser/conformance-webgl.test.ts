// The whole conformance suite on the webgl backend.

import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull } from "@gumbel-tools/test";
import { tfjsTarget } from "../../src/conformance.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs webgl", tfjsTarget(tf, "webgl"), quickUnlessFull);
