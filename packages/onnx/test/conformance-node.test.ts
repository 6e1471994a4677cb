// The conformance suite on onnxruntime-node's CPU provider: noise from @gumbel/wasm, bits from outside, all from the graph.

import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";
import * as ort from "onnxruntime-node";
import target, { onnxTarget } from "../src/conformance.ts";
import { noiseUnlessFull, operationsUnlessFull, quickNoiseUnlessFull } from "./provider-effort.ts";
import { ONE_THREAD } from "./run-model.ts";

const executionProviders = ["cpu"];
// On tensors of the suite's size more threads only wait for each other, at the cost of half of the processor time.
const options = { executionProviders, ...ONE_THREAD };
describeConformance("onnxruntime-node", onnxTarget(ort, options), quickUnlessFull);
// As `gumbel-conformance @gumbel/onnx/conformance` runs it: with all threads.
describeConformance("onnxruntime-node by default", target, operationsUnlessFull);
describeConformance(
  "onnxruntime-node, bits from outside",
  onnxTarget(ort, { ...options, noise: "bits" }),
  noiseUnlessFull,
);
describeConformance(
  "onnxruntime-node, threefry in the graph",
  onnxTarget(ort, { ...options, noise: "threefry" }),
  quickNoiseUnlessFull,
);
describeConformance(
  "onnxruntime-node, threefry in the graph by uint64",
  onnxTarget(ort, { ...options, noise: "threefry", integers: "uint64" }),
  smokeUnlessFull,
);
