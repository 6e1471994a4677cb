/// <reference types="vite/client" />
// The page: everything on a GPU is measured here. Opened by start-chromium.ts.
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { startOf } from "../contestant.ts";
import { describeGpu, gpuStarts } from "../gpu.ts";
import type { Clock } from "../measure/measure.ts";
import { createService, type Service } from "../service.ts";

declare global {
  interface Window {
    /** Processor milliseconds of this page and its GPU process so far; from outside, where there is such a clock. */
    processorMilliseconds?: Clock;
    service: Service;
  }
}

const tfjs = async () => (await import("../contestants/tfjs.ts")).tfjs("webgl");

/** ONNX Runtime's native WebGPU provider. Logits come from and results go to the CPU, as `session.run` does by itself. */
async function onnxWebgpu() {
  const ort = await import("onnxruntime-web/webgpu");
  const { ofOnnx } = await import("../contestants/onnx.ts");
  ort.env.wasm.wasmPaths = { mjs, wasm };
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error"; // it warns that integer nodes run on the CPU, which is meant
  const sessionOptions = { executionProviders: ["webgpu"] };
  return ofOnnx({ ort, place: "webgpu", library: "onnxruntime-web", sessionOptions });
}

window.service = createService({
  starts: [
    ...gpuStarts(),
    startOf("tfjs-webgl", "tfjs", "@tensorflow/tfjs", tfjs),
    startOf("onnx-webgpu", "onnx", "onnxruntime-web", onnxWebgpu),
  ],
  clock: window.processorMilliseconds,
  gpu: () => describeGpu(navigator.gpu),
});
