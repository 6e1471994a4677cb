// The conformance suite on onnxruntime-web's older WebGPU provider, JSEP, with noise from JavaScript and from the graph.
import { describeConformance } from "@gumbel/core/vitest";
import * as ort from "onnxruntime-web";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.jsep.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.jsep.wasm?url";
import { onnxTarget } from "../../src/conformance.ts";
import { noiseUnlessFull, operationsUnlessFull } from "../provider-effort.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;

const executionProviders = ["webgpu"];
const knownFailures = {
  "reference/rank-5-gumbelTopK":
    "JSEP's GatherElements does not compile for more than four dimensions, and gives zeros",
};
describeConformance(
  "onnxruntime-web jsep",
  { ...onnxTarget(ort, { executionProviders }), knownFailures },
  operationsUnlessFull,
);
describeConformance(
  "onnxruntime-web jsep, threefry in the graph",
  { ...onnxTarget(ort, { executionProviders, noise: "threefry" }), knownFailures },
  noiseUnlessFull,
);
