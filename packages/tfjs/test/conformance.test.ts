// The whole conformance suite on the backends that run in Node.
import { describeConformance } from "@gumbel/core/vitest";
import { tfjsTarget } from "../src/conformance.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

for (const backend of NODE_BACKENDS) describeConformance(`tfjs ${backend}`, tfjsTarget(tf, backend));
