// The reference passes the suite in a browser page too: neither needs anything of Node.
import { referenceTarget } from "../../src/conformance/index.ts";
import { describeConformance } from "../../src/vitest.ts";

describeConformance("reference in a browser", referenceTarget, { quick: true });
