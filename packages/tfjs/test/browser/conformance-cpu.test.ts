// The conformance suite on the cpu backend, in a browser.
import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import { tfjsTarget } from "../../src/conformance.ts";
import { tf } from "./start-backends.ts";

describeConformance("tfjs cpu", tfjsTarget(tf, "cpu"), smokeUnlessFull);
