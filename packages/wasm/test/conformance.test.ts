// The whole conformance suite in Node.
import { describeConformance } from "@gumbel/core/vitest";
import { wasmTarget } from "../src/conformance.ts";

describeConformance("wasm, plain SIMD", wasmTarget({ simd: "plain" }));
