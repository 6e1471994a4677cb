// The conformance suite on the wasm backend, in a browser.
import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import { tfjsTarget } from "../../src/conformance.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs wasm", tfjsTarget(tf, "wasm"), smokeUnlessFull);
