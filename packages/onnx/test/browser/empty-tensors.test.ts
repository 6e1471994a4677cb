// Exported graphs over tensors without elements, cotangents that are not finite, and a sampler that is a function, on
// onnxruntime-web's older WebGPU provider.
import { categorical, gumbelSoftmaxVjp, key } from "@gumbel/core";
import * as ort from "onnxruntime-web";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.jsep.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.jsep.wasm?url";
import { expect, it } from "vitest";
import {
  appendSampler,
  exportCategorical,
  exportGumbelSoftmax,
  exportGumbelSoftmaxVjp,
  exportGumbelTopK,
} from "../../src/index.ts";
import { identityModel } from "../tiny-model.ts";

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = 1;

const integers = "uint64";
const load = (model: Uint8Array) =>
  ort.InferenceSession.create(model, { executionProviders: ["webgpu"], logSeverityLevel: 3 });
const floats = (data: ArrayLike<number>, shape: readonly number[]) =>
  new ort.Tensor("float32", Float32Array.from(data), [...shape]);
const words = new ort.Tensor("uint32", Uint32Array.from(key(4)), [2]);

it("graphs give empty results of empty tensors, and then samples", { timeout: 240_000 }, async () => {
  const [sampler, soft, top] = [
    await load(exportCategorical({ integers })),
    await load(exportGumbelSoftmax({ integers })),
    await load(exportGumbelTopK({ integers, k: 2 })),
  ];
  for (const shape of [
    [0, 5],
    [3, 0],
  ]) {
    const feeds = { logits: floats([], shape), key: words };
    expect((await sampler.run(feeds)).indices.dims).toEqual(shape.slice(0, -1));
    expect((await soft.run(feeds)).y.dims).toEqual(shape);
    expect((await top.run(feeds)).values.dims).toEqual([...shape.slice(0, -1), 2]);
  }
  const logits = { data: Float32Array.from({ length: 40 }, (_, i) => Math.sin(5 * i)), shape: [8, 5] };
  const { indices } = await sampler.run({ logits: floats(logits.data, logits.shape), key: words });
  const expected = categorical(logits, { key: key(4) });
  expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(Array.from(expected.data));
});

it("a cotangent of NaN is ignored under a mask", { timeout: 240_000 }, async () => {
  const shape = [2, 3];
  const data = [1, Number.NEGATIVE_INFINITY, 2, 0, 1, 2];
  const cotangent = [1, Number.NaN, -1, 2, 1, 3];
  const session = await load(exportGumbelSoftmaxVjp({ integers }));
  const feeds = { logits: floats(data, shape), cotangent: floats(cotangent, shape), key: words };
  const { gradient } = await session.run(feeds);
  const expected = gumbelSoftmaxVjp({ data, shape }, { data: cotangent, shape }, { key: key(4) });
  const got = gradient.data as Float32Array;
  expected.data.forEach((value, i) => {
    expect(got[i]).toBeCloseTo(value, 3);
  });
});

it("an appended sampler that is a function draws the reference's samples of each row", {
  timeout: 240_000,
}, async () => {
  const logits = { data: Float32Array.from({ length: 40 }, (_, i) => Math.sin(5 * i)), shape: [8, 5] };
  const session = await load(
    appendSampler(identityModel(2), {
      logits: "logits",
      integers,
      asFunction: true,
      sampleShape: [3],
      logProb: true,
    }),
  );
  const { indices, log_prob } = await session.run({ x: floats(logits.data, logits.shape), key: words });
  expect(log_prob.dims).toEqual([3, 8]);
  const expected = categorical(logits, { key: key(4), sampleShape: [3] });
  expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(Array.from(expected.data));
});
