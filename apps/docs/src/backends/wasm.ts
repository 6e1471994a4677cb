// The SIMD engine, on the calling thread.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import type { Values } from "@gumbel/wasm";
import { wasmTarget } from "@gumbel/wasm/conformance";

/** Its target. */
export async function load(): Promise<ConformanceTarget<Values>> {
  return wasmTarget();
}
