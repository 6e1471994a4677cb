// Exported graphs on the oldest ONNX Runtime that they are for.
import { categorical, gumbelSoftmax, gumbelSoftmaxVjp, gumbelTopK, key, type NdArray } from "@gumbel/core";
import * as ort from "onnxruntime-web-1.21";
import { expect, it } from "vitest";
import {
  appendSampler,
  exportCategorical,
  exportGumbelSoftmax,
  exportGumbelSoftmaxVjp,
  exportGumbelTopK,
} from "../src/index.ts";
import { identityModel } from "./tiny-model.ts";

ort.env.wasm.numThreads = 1;

const logits: NdArray<Float32Array> = {
  data: Float32Array.from({ length: 60 }, (_, i) => 3 * Math.sin(7 * i)),
  shape: [3, 20],
};
const cotangent: NdArray<Float32Array> = { data: logits.data.map(Math.cos), shape: logits.shape };
const options = { key: key(42) };

async function run(model: Uint8Array, more: Record<string, NdArray<Float32Array>> = {}) {
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const floats = Object.entries({ logits, ...more }).map(([name, { data, shape }]) => [
    name,
    new ort.Tensor("float32", data, [...shape]),
  ]);
  const words = new ort.Tensor("uint32", Uint32Array.from(options.key), [2]);
  return await session.run({ ...Object.fromEntries(floats), key: words });
}

const numbers = ({ data }: { data: unknown }) => Array.from(data as ArrayLike<number>, Number);

it("onnxruntime-web 1.21 draws the reference's samples", async () => {
  const { indices } = await run(exportCategorical());
  expect(numbers(indices)).toEqual(numbers(categorical(logits, options)));
  const top = await run(exportGumbelTopK({ k: 4 }));
  expect(numbers(top.indices)).toEqual(numbers(gumbelTopK(logits, 4, options).indices));
  const { y } = await run(exportGumbelSoftmax({ hard: true }));
  expect(numbers(y)).toEqual(numbers(gumbelSoftmax(logits, { ...options, hard: true })));
});

it("onnxruntime-web 1.21 runs a sampler that is a function", async () => {
  const model = appendSampler(identityModel(2), { logits: "logits", topK: 9, topP: 0.8, asFunction: true });
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const { indices } = await session.run({
    x: new ort.Tensor("float32", logits.data, [...logits.shape]),
    key: new ort.Tensor("uint32", Uint32Array.from(options.key), [2]),
  });
  expect(numbers(indices)).toEqual(numbers(categorical(logits, { ...options, topK: 9, topP: 0.8 })));
});

it("onnxruntime-web 1.21 gives the reference's gradient", async () => {
  const { gradient } = await run(exportGumbelSoftmaxVjp(), { cotangent });
  const expected = numbers(gumbelSoftmaxVjp(logits, cotangent, options));
  numbers(gradient).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5);
  });
});
