// The reference certifies itself: JAX's values, laws and statistics need no other reference.
import { referenceTarget } from "../src/conformance/index.ts";
import { describeConformance } from "../src/vitest.ts";

describeConformance("reference", referenceTarget);
