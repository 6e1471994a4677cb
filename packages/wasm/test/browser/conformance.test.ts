// The whole conformance suite in Chromium, which has relaxed SIMD: both builds on the page's thread, and workers.

import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";
import { wasmTarget } from "../../src/conformance.ts";

describeConformance("wasm in Chromium, plain SIMD", wasmTarget({ simd: "plain" }), smokeUnlessFull);
describeConformance("wasm in Chromium, relaxed SIMD", wasmTarget({ simd: "relaxed" }), quickUnlessFull);
describeConformance(
  "wasm in Chromium, two workers",
  wasmTarget({ workers: 2, parallelFrom: 0 }),
  smokeUnlessFull,
);
