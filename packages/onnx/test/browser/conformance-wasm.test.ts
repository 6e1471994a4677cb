// The conformance suite on onnxruntime-web's WebAssembly, in a browser: the kernels that Node has too.
import { describeConformance } from "@gumbel/core/vitest";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { onnxTarget } from "../../src/conformance.ts";
import { operationsUnlessFull } from "../provider-effort.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;

describeConformance(
  "onnxruntime-web wasm",
  onnxTarget(ort, { executionProviders: ["wasm"] }),
  operationsUnlessFull,
);
