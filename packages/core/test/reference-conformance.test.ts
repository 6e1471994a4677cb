// The reference certifies itself: JAX's values, laws and statistics need no other reference.

import { quickUnlessFull } from "@gumbel-tools/test";
import { referenceTarget } from "../src/conformance/index.ts";
import { describeConformance } from "../src/vitest.ts";

describeConformance("reference", referenceTarget, quickUnlessFull);
