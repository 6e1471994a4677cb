// The SIMD engine, in the thread that asks.
import type { NdArray } from "@gumbel/core";
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { wasmTarget } from "@gumbel/wasm/conformance";

/** Its target. */
export async function load(): Promise<ConformanceTarget<NdArray>> {
  return wasmTarget();
}
