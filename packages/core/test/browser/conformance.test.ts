// The reference passes the suite in a browser page too: neither needs anything of Node.
import { smokeUnlessFull } from "@gumbel-tools/test";
import { referenceTarget } from "../../src/conformance/index.ts";
import { describeConformance } from "../../src/vitest.ts";

describeConformance("reference in a browser", referenceTarget, smokeUnlessFull);
