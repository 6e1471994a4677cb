// The whole conformance suite on onnxruntime-node's CPU provider: noise from @gumbel/wasm, bits from outside, all from the graph.
import { describeConformance } from "@gumbel/core/vitest";
import * as ort from "onnxruntime-node";
import { onnxTarget } from "../src/conformance.ts";

const executionProviders = ["cpu"];
describeConformance("onnxruntime-node", onnxTarget(ort, { executionProviders }));
describeConformance(
  "onnxruntime-node, bits from outside",
  onnxTarget(ort, { executionProviders, noise: "bits" }),
);
describeConformance(
  "onnxruntime-node, threefry in the graph",
  onnxTarget(ort, { executionProviders, noise: "threefry" }),
);
for (const integers of ["int32", "uint64"] as const) {
  describeConformance(
    `onnxruntime-node, threefry in the graph by ${integers}`,
    onnxTarget(ort, { executionProviders, noise: "threefry", integers }),
    { quick: true },
  );
}
