// The whole conformance suite on onnxruntime-web's native WebGPU provider.
import { describeConformance } from "@gumbel/core/vitest";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import { onnxTarget } from "../../src/conformance.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;

describeConformance("onnxruntime-web webgpu", onnxTarget(ort, { executionProviders: ["webgpu"] }));
