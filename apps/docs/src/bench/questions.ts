// What readers of the benchmarks ask, and whom they compare with: contestants of the bench by their ids, in plain words.
import type { EnvironmentId, Operation } from "@gumbel-tools/bench/results";

/** One chart. */
export interface Question {
  readonly id: string;
  readonly title: string;
  readonly environment: EnvironmentId;
  /** Operations of the bench that answer it, with what is drawn in each; the first is shown first. */
  readonly operations: Readonly<Partial<Record<Operation, string>>>;
  /** What contestants are, by id; others of the run are on the page of all figures. */
  readonly names: Readonly<Record<string, string>>;
}

/** All charts of the page. */
export const QUESTIONS: readonly Question[] = [
  {
    id: "categorical",
    title: "One category of each row",
    environment: "node",
    operations: { categorical: "" },
    names: {
      "gumbel-wasm": "@gumbel/wasm",
      "gumbel-tfjs-wasm-engine": "@gumbel/tfjs with @gumbel/wasm",
      "gumbel-onnx-wasm": "@gumbel/onnx in a page",
      "jax-js-wasm": "jax-js",
      pytorch: "PyTorch",
      jax: "JAX",
      "tfjs-wasm-multinomial": "tf.multinomial",
      "tfjs-wasm-composed": "TensorFlow.js, by hand",
      "onnx-wasm-multinomial": "ONNX Runtime, Multinomial",
      "transformers-js": "transformers.js, no top-k",
    },
  },
  {
    id: "gumbel-softmax",
    title: "Gumbel-softmax, and its gradient",
    environment: "node",
    operations: { gumbelSoftmax: "a sample", gumbelSoftmaxVjp: "its gradient" },
    names: {
      "gumbel-wasm": "@gumbel/wasm",
      "gumbel-tfjs-wasm-engine": "@gumbel/tfjs with @gumbel/wasm",
      "gumbel-onnx-wasm": "@gumbel/onnx in a page",
      "jax-js-wasm": "jax-js",
      pytorch: "PyTorch",
      jax: "JAX",
      "tfjs-wasm-composed": "TensorFlow.js, by hand",
      "onnx-wasm-by-hand": "ONNX graph, by hand",
    },
  },
  {
    id: "filters",
    title: "The next token, through filters",
    environment: "node",
    operations: { filters: "all three", topK: "top-k 50", topP: "top-p 0.9", minP: "min-p 0.05" },
    names: {
      "gumbel-wasm": "@gumbel/wasm",
      "gumbel-onnx-wasm": "@gumbel/onnx in a page",
      "javascript-sort": "a sort in JavaScript",
      "tfjs-wasm-composed": "TensorFlow.js, by hand",
      "transformers-js-top": "transformers.js",
      "onnx-wasm-multinomial": "ONNX graph, by hand",
      "onnx-node-multinomial": "ONNX graph, by hand, in Node",
    },
  },
  {
    id: "gpu",
    title: "On a GPU",
    environment: "chromium",
    operations: { categorical: "a category", gumbelSoftmax: "Gumbel-softmax" },
    names: {
      "gumbel-webgpu": "@gumbel/webgpu",
      "gumbel-tfjs-webgpu": "@gumbel/tfjs",
      "jax-js-webgpu": "jax-js",
      "tfjs-webgpu-multinomial": "tf.multinomial",
      "tfjs-webgpu-composed": "TensorFlow.js, by hand",
      "onnx-webgpu-by-hand": "ONNX graph, by hand",
      "onnx-webgpu-multinomial": "ONNX Runtime, Multinomial",
    },
  },
  {
    id: "gpu-filters",
    title: "The next token, on a GPU",
    environment: "chromium",
    operations: { filters: "all three", topK: "top-k 50", topP: "top-p 0.9", minP: "min-p 0.05" },
    names: {
      "gumbel-webgpu": "@gumbel/webgpu",
      "gumbel-onnx-webgpu": "@gumbel/onnx",
      "tfjs-webgpu-composed": "TensorFlow.js, by hand",
      "onnx-webgpu-multinomial": "ONNX graph, by hand",
    },
  },
];
