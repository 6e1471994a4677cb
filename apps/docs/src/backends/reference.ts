// The float64 reference.

import type { NdArray } from "@gumbel/core";
import { type ConformanceTarget, referenceTarget } from "@gumbel/core/conformance";

/** Its target. */
export async function load(): Promise<ConformanceTarget<NdArray>> {
  return referenceTarget;
}
