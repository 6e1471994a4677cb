// Imported by Deno: a target every call of which goes to workers.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { wasmTarget } from "../../src/conformance.ts";
import type { Values } from "../../src/index.ts";

const target: ConformanceTarget<Values> = wasmTarget({ workers: 2, parallelFrom: 0 });
export default target;
