// The conformance suite on onnxruntime-node's CPU provider: noise from @gumbel/wasm, bits from outside, all from the graph.

import { describeConformance } from "@gumbel/core/vitest";
import { quickUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";
import * as ort from "onnxruntime-node";
import target, { onnxTarget } from "../src/conformance.ts";

const executionProviders = ["cpu"];
describeConformance("onnxruntime-node", onnxTarget(ort, { executionProviders }), quickUnlessFull);
// As `gumbel-conformance @gumbel/onnx/conformance` runs it.
describeConformance("onnxruntime-node by default", target, {
  quick: true,
  filter: ({ id }) => id === "bits/jax",
});
describeConformance(
  "onnxruntime-node, bits from outside",
  onnxTarget(ort, { executionProviders, noise: "bits" }),
  smokeUnlessFull,
);
describeConformance(
  "onnxruntime-node, threefry in the graph",
  onnxTarget(ort, { executionProviders, noise: "threefry" }),
  quickUnlessFull,
);
describeConformance(
  "onnxruntime-node, threefry in the graph by uint64",
  onnxTarget(ort, { executionProviders, noise: "threefry", integers: "uint64" }),
  smokeUnlessFull,
);
