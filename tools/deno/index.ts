// Deno, for tests.
export { describeConformanceInDeno } from "./describe-conformance-in-deno.ts";
export { runDeno } from "./run-deno.ts";
