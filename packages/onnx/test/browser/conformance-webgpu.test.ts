// The whole conformance suite on onnxruntime-web's native WebGPU provider, with noise from JavaScript and from the graph.

import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import { onnxTarget } from "../../src/conformance.ts";
import { noiseUnlessFull } from "../provider-effort.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;

const executionProviders = ["webgpu"];
describeConformance("onnxruntime-web webgpu", onnxTarget(ort, { executionProviders }), smokeUnlessFull);
describeConformance(
  "onnxruntime-web webgpu, threefry in the graph",
  onnxTarget(ort, { executionProviders, noise: "threefry" }),
  noiseUnlessFull,
);
