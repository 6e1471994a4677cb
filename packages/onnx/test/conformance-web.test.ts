// The conformance suite on onnxruntime-web's WebAssembly, in Node.
import { describeConformance } from "@gumbel/core/vitest";
import { smokeUnlessFull } from "@gumbel-tools/test";
import * as ort from "onnxruntime-web";
import { onnxTarget } from "../src/conformance.ts";
import { noiseUnlessFull } from "./provider-effort.ts";

ort.env.wasm.numThreads = 1;
const executionProviders = ["wasm"];
describeConformance("onnxruntime-web in Node", onnxTarget(ort, { executionProviders }), smokeUnlessFull);
describeConformance(
  "onnxruntime-web in Node, threefry in the graph",
  onnxTarget(ort, { executionProviders, noise: "threefry" }),
  noiseUnlessFull,
);
