// The whole conformance suite on the cpu backend, in a browser.
import { describeConformance } from "@gumbel/core/vitest";
import { createEngine } from "@gumbel/wasm";
import { tfjsTarget } from "../../src/conformance.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs cpu", tfjsTarget(tf, "cpu"));
describeConformance("tfjs cpu with @gumbel/wasm", tfjsTarget(tf, "cpu", { engine: await createEngine() }));
