// A module with one target, under a name of its own.
export { referenceTarget as mine } from "../../src/conformance/index.ts";
