// ONNX Runtime on WebGPU, with the binaries that this site serves.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { onnxTarget } from "@gumbel/onnx/conformance";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";

/** ONNX Runtime's level "error": its warning that integer nodes run on the CPU is expected. */
const ERRORS_ONLY = 3;

/** Its target. One thread: a page without cross-origin isolation has no more. */
export async function load(): Promise<ConformanceTarget<ort.Tensor>> {
  ort.env.wasm.wasmPaths = { mjs, wasm };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  return onnxTarget(ort, { executionProviders: ["webgpu"], logSeverityLevel: ERRORS_ONLY });
}
