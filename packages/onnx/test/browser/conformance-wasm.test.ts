// The whole conformance suite on onnxruntime-web's WebAssembly, in a browser.

import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { onnxTarget } from "../../src/conformance.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;

describeConformance(
  "onnxruntime-web wasm",
  onnxTarget(ort, { executionProviders: ["wasm"] }),
  smokeUnlessFull,
);
