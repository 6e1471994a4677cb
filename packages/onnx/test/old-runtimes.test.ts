// Exported graphs on the oldest ONNX Runtime that each plan is for. The current one is not loaded here: two native runtimes
// in one process are not to be trusted.
import { categorical, gumbelSoftmax, gumbelSoftmaxVjp, key, type NdArray, topK } from "@gumbel/core";
import * as node from "onnxruntime-node-1.14";
import * as web from "onnxruntime-web-1.21";
import { describe, expect, it } from "vitest";
import {
  exportCategorical,
  exportGumbelSoftmax,
  exportGumbelSoftmaxGradient,
  exportTopK,
} from "../src/index.ts";

web.env.wasm.numThreads = 1;

const logits: NdArray<Float32Array> = {
  data: Float32Array.from({ length: 60 }, (_, i) => 3 * Math.sin(7 * i)),
  shape: [3, 20],
};
const cotangent: NdArray<Float32Array> = { data: logits.data.map(Math.cos), shape: logits.shape };
const drawn = key(42);
const options = { key: drawn };

describe.each([
  ["onnxruntime-node 1.14", node, "cpu", "int32"],
  ["onnxruntime-web 1.21", web, "wasm", "uint32"],
] as const)("%s", (_, ort, provider, integers) => {
  const run = async (model: Uint8Array, more: Record<string, NdArray<Float32Array>> = {}) => {
    const session = await ort.InferenceSession.create(model, { executionProviders: [provider] });
    const floats = Object.entries({ logits, ...more }).map(([name, { data, shape }]) => [
      name,
      new ort.Tensor("float32", data, [...shape]),
    ]);
    const words = new ort.Tensor("uint32", Uint32Array.from(drawn), [2]);
    return await session.run({ ...Object.fromEntries(floats), key: words });
  };
  const numbers = ({ data }: { data: unknown }) => Array.from(data as ArrayLike<number>, Number);

  it(`draws the reference's samples with ${integers}`, async () => {
    const { indices } = await run(exportCategorical({ integers }));
    expect(numbers(indices)).toEqual(numbers(categorical(logits, options)));
    const best = await run(exportTopK({ integers, k: 4 }));
    expect(numbers(best.indices)).toEqual(numbers(topK(logits, 4, options).indices));
    const { y } = await run(exportGumbelSoftmax({ integers, hard: true }));
    expect(numbers(y)).toEqual(numbers(gumbelSoftmax(logits, { ...options, hard: true })));
  });

  it(`gives the reference's gradient with ${integers}`, async () => {
    const { gradient } = await run(exportGumbelSoftmaxGradient({ integers }), { cotangent });
    const expected = numbers(gumbelSoftmaxVjp(logits, cotangent, options));
    numbers(gradient).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });
});

it("uint32 needs a later one than 1.14, which says so", async () => {
  await expect(node.InferenceSession.create(exportCategorical())).rejects.toThrow(
    /Could not find an implementation/i,
  );
});
