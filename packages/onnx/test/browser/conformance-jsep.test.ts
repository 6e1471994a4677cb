// Every case of the conformance suite on onnxruntime-web's older WebGPU provider, JSEP: on smaller tensors, as it takes its
// time to compile.
import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import * as ort from "onnxruntime-web";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.jsep.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.jsep.wasm?url";
import { onnxTarget } from "../../src/conformance.ts";

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
  smokeUnlessFull,
);
describeConformance(
  "onnxruntime-web jsep, threefry in the graph",
  { ...onnxTarget(ort, { executionProviders, noise: "threefry" }), knownFailures },
  smokeUnlessFull,
);
