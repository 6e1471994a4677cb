// The status on the specification page comes from a real run of every backend, and its counts are right.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { statusOf } from "../src/specification/clause-status.ts";

const recorded = JSON.parse(readFileSync(new URL("../data/conformance.json", import.meta.url), "utf8"));

it.each([
  ["the reference", /^reference/],
  ["the SIMD engine", /^wasm/],
  ["TensorFlow.js cpu", /tfjs.*cpu/],
  ["TensorFlow.js wasm", /tfjs.*wasm/],
  ["TensorFlow.js webgl", /tfjs.*webgl/],
  ["TensorFlow.js webgpu", /tfjs.*webgpu/],
  ["ONNX Runtime for Node", /onnxruntime-node/],
  ["ONNX Runtime on WebAssembly", /onnxruntime-web.*wasm/],
  ["ONNX Runtime on WebGPU", /onnxruntime-web.*webgpu/],
  ["WebGPU in Chromium", /^webgpu.*Chromium/],
])("the recorded run holds %s", (_, name) => {
  expect(Object.keys(recorded.backends).filter((backend) => name.test(backend))).not.toEqual([]);
});

it("the recorded run is of a commit, and has a result of every case on every backend", () => {
  expect(recorded.commit).toMatch(/^(?!0+$)[0-9a-f]{40}$/);
  for (const letters of Object.values(recorded.backends)) expect(letters).toHaveLength(recorded.cases.length);
});

it("the summary of a clause that failed on one backend names that backend", () => {
  const [id] = recorded.cases;
  const [name] = Object.keys(recorded.backends);
  const broken = {
    cases: [id],
    backends: {
      ...Object.fromEntries(Object.keys(recorded.backends).map((backend) => [backend, "p"])),
      [name!]: "f",
    },
  };
  const { summary, failed, backends } = statusOf([id], broken);
  const count = Object.keys(recorded.backends).length;
  expect(summary).toBe(`Passed on ${count - 1} of ${count} backends, failed on ${name}`);
  expect(failed).toBe(true);
  expect(backends.find(({ backend }) => backend === name)?.text).toBe("1 failed");
});

it("a backend counts for the clauses of which it ran a case", () => {
  const run = { cases: ["a", "b", "c"], backends: { whole: "ppp", part: "p--" } };
  expect(statusOf(["a", "b"], run)).toEqual({
    summary: "Passed on all 2 backends",
    failed: false,
    backends: [
      { backend: "whole", text: "2 passed" },
      { backend: "part", text: "1 passed, 1 not run" },
    ],
  });
  expect(statusOf(["c"], run).summary).toBe("Passed on all 1 backends");
  expect(statusOf(["keys/not-yet"])).toEqual({ summary: "Not run yet", failed: false, backends: [] });
});
