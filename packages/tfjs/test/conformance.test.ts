// The whole conformance suite on the backends that run in Node, in plain JavaScript and with the engine of @gumbel/wasm.
import { describeConformance } from "@gumbel/core/vitest";
import { createEngine } from "@gumbel/wasm";
import { tfjsTarget } from "../src/conformance.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

const engine = await createEngine();
for (const backend of NODE_BACKENDS) {
  describeConformance(`tfjs ${backend}`, tfjsTarget(tf, backend));
  describeConformance(`tfjs ${backend} with @gumbel/wasm`, tfjsTarget(tf, backend, { engine }));
}
