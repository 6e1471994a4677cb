// Large logits, masks by large numbers, and cotangents that are not finite, in Node and web.
import { categorical, gumbelSoftmax, gumbelSoftmaxVjp, gumbelTopK, key } from "@gumbel/core";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { appendSampler, createSampler, exportCategorical, exportGumbelSoftmaxVjp } from "../src/index.ts";
import { ONE_THREAD } from "./run-model.ts";
import { identityModel } from "./tiny-model.ts";

web.env.wasm.numThreads = 1;
const FLT_MAX = (2 - 2 ** -23) * 2 ** 127;

describe.each([
  ["onnxruntime-node", node as unknown as typeof web],
  ["onnxruntime-web", web],
])("%s", (_, ort) => {
  const tensor = (data: ArrayLike<number>, shape: readonly number[]) =>
    new ort.Tensor("float32", Float32Array.from(data), [...shape]);
  const keyTensor = new ort.Tensor("uint32", Uint32Array.from(key(7)), [2]);
  const sampler = createSampler(ort, ONE_THREAD);
  const load = (model: Uint8Array) => ort.InferenceSession.create(model, ONE_THREAD);
  const appended = ([1, "input"] as const).map((temperature) => ({
    temperature,
    session: load(appendSampler(identityModel(2), { logits: "logits", temperature })),
  }));

  it.each([0, 1e7, 1e8, -1e9, 1e30, FLT_MAX, -FLT_MAX])(
    "equal logits of %d are sampled as equal logits of 0 are",
    async (size) => {
      const [shape, sampleShape] = [[5], [400]];
      const logits = tensor(Array(5).fill(size), shape);
      const zero = { data: new Float32Array(5), shape };
      const options = { key: key(7), sampleShape };
      const drawn = await sampler.categorical(logits, options);
      const expected = Array.from(categorical(zero, options).data);
      expect(Array.from(drawn.data as Int32Array)).toEqual(expected);
      const soft = gumbelSoftmax(zero, options);
      const y = (await sampler.gumbelSoftmax(logits, options)).data as Float32Array;
      soft.data.forEach((value, i) => {
        expect(y[i]).toBeCloseTo(value, 5);
      });
      const { indices } = await sampler.gumbelTopK(logits, 5, { key: key(7) });
      expect(Array.from(indices.data as Int32Array)).toEqual(
        Array.from(gumbelTopK(zero, 5, { key: key(7) }).indices.data),
      );
      const many = tensor(Array(2000).fill(size), [400, 5]);
      for (const { temperature, session } of appended) {
        const one = temperature === 1 ? {} : { temperature: tensor([1], []) };
        const { indices } = await (await session).run({ x: many, key: keyTensor, ...one });
        expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(expected);
      }
    },
  );

  it("the order of logits far apart is exact, whatever overflows", async () => {
    const data = [FLT_MAX, 1e30, -1e30, -FLT_MAX, Number.NEGATIVE_INFINITY];
    for (const temperature of [2 ** -40, 1, 2 ** 40]) {
      const options = { key: key(1), temperature };
      const { values, indices } = await sampler.gumbelTopK(tensor(data, [5]), 5, options);
      const expected = gumbelTopK({ data, shape: [5] }, 5, options);
      expect(Array.from(indices.data as Int32Array)).toEqual([0, 1, 2, 3, -1]);
      (values.data as Float32Array).forEach((value, i) => {
        const due = Math.fround(expected.values.data[i]);
        if (Number.isFinite(due)) expect(Math.abs(value - due)).toBeLessThanOrEqual(1e-6 * Math.abs(due));
        else expect(value).toBe(due);
      });
    }
  });

  it("temperature 0 is the mode, as an option, a constant and an input", async () => {
    const data = [1, 3, 3, 2, Number.NaN, 0, 1, 1, -FLT_MAX, Number.NEGATIVE_INFINITY, -1e-40, -2e-40];
    const logits = tensor(data, [3, 4]);
    const expected = [1, -1, 2];
    const drawn = await sampler.categorical(logits, { temperature: 0 });
    expect(Array.from(drawn.data as Int32Array)).toEqual(expected);
    const constant = await load(exportCategorical({ temperature: 0 }));
    expect(constant.inputNames).toEqual(["logits"]);
    expect(Array.from((await constant.run({ logits })).indices.data as BigInt64Array, Number)).toEqual(
      expected,
    );
    const fed = await load(exportCategorical({ temperature: "input" }));
    const { indices } = await fed.run({ logits, key: keyTensor, temperature: tensor([0], []) });
    expect(Array.from(indices.data as BigInt64Array, Number)).toEqual(expected);
  });

  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])(
    "a cotangent of %d is ignored under a mask and reaches its own row alone",
    async (bad) => {
      const shape = [3, 4];
      const data = [1, Number.NEGATIVE_INFINITY, 2, 0, 1, 2, 3, 4, 0, 1, 0, 1];
      // Under the mask of row 0, in the middle of row 1.
      const cotangent = [1, bad, -1, 2, 1, bad, 2, 3, 1, 2, 3, 4];
      const options = { key: key(3), temperature: 0.5 };
      const expected = gumbelSoftmaxVjp({ data, shape }, { data: cotangent, shape }, options);
      const feeds = { logits: tensor(data, shape), cotangent: tensor(cotangent, shape), key: keyTensor };
      const own = await sampler.gumbelSoftmaxVjp(feeds.logits, feeds.cotangent, options);
      const model = exportGumbelSoftmaxVjp({ temperature: 0.5 });
      const exported = await (await load(model)).run({
        ...feeds,
        key: new ort.Tensor("uint32", Uint32Array.from(options.key), [2]),
      });
      for (const { data: got } of [own, exported.gradient]) {
        const values = got as Float32Array;
        for (const i of [0, 1, 2, 3, 8, 9, 10, 11]) expect(values[i]).toBeCloseTo(expected.data[i], 4);
        expect(values[1]).toBe(0);
        for (const i of [4, 5, 6, 7]) expect(Number.isFinite(values[i])).toBe(false);
      }
    },
  );
});
