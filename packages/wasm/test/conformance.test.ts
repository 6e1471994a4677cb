// The conformance suite in Node, on this thread and with workers that every call must go to.

import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";
import { wasmTarget } from "../src/conformance.ts";

describeConformance("wasm, plain SIMD", wasmTarget({ simd: "plain" }), quickUnlessFull);
describeConformance(
  "wasm, plain SIMD, two workers",
  wasmTarget({ simd: "plain", workers: 2, parallelFrom: 0 }),
  smokeUnlessFull,
);
