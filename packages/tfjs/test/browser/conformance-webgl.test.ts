// The conformance suite on the webgl backend.

import { describeConformance } from "@gumbel/core/vitest";
import { tfjsTarget } from "../../src/conformance.ts";
import { kernelEffort } from "./gpu-effort.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs webgl", tfjsTarget(tf, "webgl"), kernelEffort);
