// The whole conformance suite on the wasm backend, in a browser.
import { describeConformance } from "@gumbel/core/vitest";
import { createEngine } from "@gumbel/wasm";
import { tfjsTarget } from "../../src/conformance.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs wasm", tfjsTarget(tf, "wasm"));
describeConformance("tfjs wasm with @gumbel/wasm", tfjsTarget(tf, "wasm", { engine: await createEngine() }));
