// The honest backend with something less, which it declares and refuses: what no case may mistake for a fault.
import { ALL_CAPABILITIES, OPERATIONS } from "../../src/adapter.ts";
import type { ConformanceBackend } from "../../src/conformance/index.ts";
import { type Capabilities, UnsupportedError } from "../../src/index.ts";
import { alter } from "./alter.ts";
import { createFloatBackend, type Handle } from "./float-backend.ts";

/** Creates the honest backend without what the given capabilities leave out. */
export function createLackingBackend(lack: Partial<Capabilities>): ConformanceBackend<Handle> {
  const capabilities: Capabilities = { ...ALL_CAPABILITIES, ...lack };
  const refuse = (what: string) => {
    throw new UnsupportedError(what, "lacking");
  };
  const refusing = alter(OPERATIONS, ({ operation, options, honest }) => {
    const isNoiseless = operation === "bits" || operation === "softmax" || operation === "softmaxVjp";
    const { precision = "full", offset, rowStride } = options ?? {};
    if (!capabilities.operations.includes(operation)) refuse(operation);
    const isPrecision = precision === "full" || precision === "jax";
    if (!isNoiseless && isPrecision && !capabilities.precisions.includes(precision)) refuse(precision);
    if (!capabilities.sharding && (offset !== undefined || rowStride !== undefined)) refuse("offset");
    return honest();
  });
  return createFloatBackend({
    sampler: (...given) => ({ ...refusing.sampler!(...given), capabilities }),
  });
}
