// A sampler on a real model: PP-OCRv4's recogniser, of opset 9, reads a line of text.
import { categorical, gumbelSoftmax, key } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import type { Tensor } from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";
import { appendSampler, inspectModel } from "../src/index.ts";
import { classifier, pictureOf, recognizer, textOf } from "./line-of-text.ts";
import { ONE_THREAD, RUNTIMES } from "./run-model.ts";

const LOGITS = "p2o.Add.277";
const PROBABILITIES = "softmax_11.tmp_0";
const TEXT = "HELLO";
const picture = pictureOf(TEXT);

const [[, node], [, web]] = RUNTIMES;

describe.each([
  ["PP-OCRv4 on onnxruntime-node", node, 8],
  [shortened("PP-OCRv4 on onnxruntime-web", "with two keys"), web, isFullRun ? 8 : 2],
] as const)("%s", (_, ort, draws) => {
  const load = (model: Uint8Array) => ort.InferenceSession.create(model, ONE_THREAD);
  let before: Tensor;
  beforeAll(async () => {
    before = (await (await load(recognizer)).run({ x }))[PROBABILITIES];
  });
  const tensor = (type: "float32" | "uint32", data: Float32Array | Uint32Array, shape: readonly number[]) =>
    new ort.Tensor(type, data as Float32Array, [...shape]);
  const x = tensor("float32", picture.data, picture.shape);
  const keyTensor = (seed: number) => tensor("uint32", Uint32Array.from(key(seed)), [2]);
  const indicesOf = (value: { data: unknown }) => Array.from(value.data as BigInt64Array, Number);

  it("reads the same text as before, and samples what the reference samples from its logits", async () => {
    const session = await load(appendSampler(recognizer, { logits: LOGITS }));
    const classes = before.dims[2];
    expect(classes).toBe(6625);
    const probabilities = before.data as Float32Array;
    const best = Array.from({ length: before.dims[1] }, (_, t) => {
      const row = probabilities.subarray(t * classes, (t + 1) * classes);
      return row.indexOf(Math.max(...row));
    });
    expect(textOf(best)).toBe(TEXT);
    const logits = {
      data: Float64Array.from(probabilities, Math.log),
      shape: [...before.dims],
    };
    const texts = new Set<string>();
    for (let seed = 0; seed < draws; seed++) {
      const after = await session.run({ x, key: keyTensor(seed) });
      expect(after[PROBABILITIES].dims).toEqual(before.dims);
      const change = probabilities.map((p, i) =>
        Math.abs(p - (after[PROBABILITIES].data as Float32Array)[i]),
      );
      expect(Math.max(...change)).toBeLessThan(2e-6);
      expect(after.indices.dims).toEqual([1, before.dims[1]]);
      const drawn = indicesOf(after.indices);
      expect(drawn).toEqual(Array.from(categorical(logits, { key: key(seed) }).data));
      texts.add(textOf(drawn));
    }
    expect(texts).toContain(TEXT);
  });

  it("draws among the largest logits what the reference draws with the others masked", async () => {
    const options = {
      logits: LOGITS,
      topK: 5,
      temperature: 2,
      soft: true,
      softTemperature: "input",
    } as const;
    const session = await load(appendSampler(recognizer, options));
    const { data, dims } = before;
    const masked = Float64Array.from(data as Float32Array, (p) => Math.log(p) / 2);
    for (let start = 0; start < masked.length; start += dims[2]) {
      const row = masked.subarray(start, start + dims[2]);
      const least = Float64Array.from(row).sort()[dims[2] - 5];
      row.forEach((value, i) => {
        if (value < least) row[i] = Number.NEGATIVE_INFINITY;
      });
    }
    const logits = { data: masked, shape: [...dims] };
    for (let seed = 0; seed < draws / 2; seed++) {
      const soft_temperature = tensor("float32", Float32Array.of(0.5), []);
      const result = await session.run({ x, key: keyTensor(seed), soft_temperature });
      expect(indicesOf(result.indices)).toEqual(Array.from(categorical(logits, { key: key(seed) }).data));
      const expected = gumbelSoftmax(logits, { key: key(seed), temperature: 0.5 }).data;
      expect(largestDifference(expected, result.soft.data as Float32Array)).toBeLessThan(1e-4);
    }
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

it("a classifier of opset 9 gives what it gave, to the last digits, once it is raised to 18", async () => {
  const data = Float32Array.from({ length: 3 * 48 * 192 }, (_, i) => Math.sin(i / 7));
  const x = new node.Tensor("float32", data, [1, 3, 48, 192]);
  const [{ name }] = inspectModel(classifier).logits;
  const before = await (await node.InferenceSession.create(classifier, ONE_THREAD)).run({ x });
  const after = await node.InferenceSession.create(
    appendSampler(classifier, { logits: name, temperature: 0 }),
    ONE_THREAD,
  );
  const { indices, ...rest } = await after.run({ x });
  expect(indices.dims).toEqual([1]);
  expect(Object.keys(rest)).toEqual(Object.keys(before));
  for (const [output, { data }] of Object.entries(before)) {
    const difference = largestDifference(data as Float32Array, rest[output].data as Float32Array);
    expect(difference).toBeLessThan(2e-6);
  }
});

it("is recognised as a model that softmaxes logits, whose opset can be raised", () => {
  const report = inspectModel(recognizer);
  expect(report).toMatchObject({ opset: 9, irVersion: 8, producer: "" });
  expect(report.rewrites).toBeGreaterThan(0);
  expect(report.logits).toEqual([
    {
      name: LOGITS,
      type: expect.stringMatching(/^float32 \[.*, 6625\]$/),
      axis: -1,
      reason: `what softmax makes the output "${PROBABILITIES}" of`,
      obstacle: undefined,
    },
  ]);
});
