// ONNX Runtime on WebAssembly, with the binaries that this site serves.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { onnxTarget } from "@gumbel/onnx/conformance";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";

/** Its target. One thread: a page without cross-origin isolation has no more. */
export async function load(): Promise<ConformanceTarget<ort.Tensor>> {
  ort.env.wasm.wasmPaths = { mjs, wasm };
  ort.env.wasm.numThreads = 1;
  return onnxTarget(ort, { executionProviders: ["wasm"] });
}
