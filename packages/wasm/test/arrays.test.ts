// What an array of a caller means: one row, values with a shape, float16, an array of another realm.
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import { createSampler, key, type Values } from "../src/index.ts";

const sampler = await createSampler();
const pool = await createSampler({ workers: 1, parallelFrom: 0 });
afterAll(() => pool.dispose());

const options = { key: key(3), sampleShape: [50] };
const values = [1.5, -2, 0, 2 ** -24, Number.NEGATIVE_INFINITY, 65504, -0];
const halves = Uint16Array.of(0x3e00, 0xc000, 0, 1, 0xfc00, 0x7bff, 0x8000);
const expected = sampler.gumbelSoftmax({ data: values, shape: [7] }, options);

describe("the same numbers give the same sample", () => {
  const arrays: Record<string, Values> = {
    "a Float32Array, which is one row": Float32Array.from(values),
    "a Float32Array of another realm": runInNewContext(`Float32Array.of(${values.join(", ")})`),
    "the bits of float16 in a Uint16Array": { data: halves, shape: [7] },
    "such an array of another realm": {
      data: runInNewContext(`Uint16Array.of(${halves.join(", ")})`),
      shape: [7],
    },
    "a Float64Array": { data: Float64Array.from(values), shape: [7] },
  };
  const { Float16Array } = globalThis as unknown as { Float16Array?: { from(values: number[]): never } };
  if (Float16Array !== undefined) arrays["a Float16Array"] = { data: Float16Array.from(values), shape: [7] };
  it.each(Object.entries(arrays))("in %s", async (_, logits) => {
    expect(sampler.gumbelSoftmax(logits, options)).toEqual(expected);
    expect(await pool.gumbelSoftmax(logits, options)).toEqual(expected);
  });
});

it("reads every finite float16 as the float that it stands for", () => {
  const bits = Uint16Array.from({ length: 0x8000 }, (_, i) => i).filter((half) => half < 0x7c00);
  const floats = Float32Array.from(bits, (half) =>
    half < 0x400 ? half * 2 ** -24 : (1 + (half & 0x3ff) / 1024) * 2 ** ((half >> 10) - 15),
  );
  const largest = { data: bits, shape: [bits.length / 2, 2] };
  expect(sampler.softmax(largest)).toEqual(sampler.softmax({ data: floats, shape: largest.shape }));
});

it("keeps indices as they are: a Uint16Array of them holds integers, one of float64 is checked", async () => {
  const logits = { data: values, shape: [1, 7] };
  const logProb = sampler.logProb(logits, { data: [5], shape: [1] });
  for (const each of [sampler, pool]) {
    expect(await each.logProb(logits, { data: Uint16Array.of(5), shape: [1] })).toEqual(logProb);
    await expect((async () => each.logProb(logits, { data: [2 ** 24 + 1], shape: [1] }))()).rejects.toThrow(
      "indices must be an integer in [-1, 6], got 16777217",
    );
  }
});

it.each([
  ["a row of float64", Float64Array.of(1, 2), "logits must be an array { data, shape }, got [1, 2]"],
  [
    "bigints",
    { data: BigInt64Array.of(1n), shape: [1] },
    "logits.data must be an array of numbers, got [1n]",
  ],
  [
    "a DataView",
    { data: new DataView(new ArrayBuffer(4)), shape: [1] },
    "logits.data must be an array of numbers",
  ],
])("refuses %s", (_, logits, message) => {
  expect(() => sampler.softmax(logits as never)).toThrow(message);
});

it("says which argument asks for more than can be allocated", async () => {
  const huge = { key: key(1), sampleShape: [2 ** 45] };
  const message = "sampleShape must leave few enough elements to allocate, got [35184372088832, 7] in all";
  const logits = { data: values, shape: [7] };
  expect(() => sampler.gumbelSoftmax(logits, huge)).toThrow(message);
  await expect(pool.gumbelSoftmax(logits, huge)).rejects.toThrow(message);
});

it("says where a shape belongs", () => {
  expect(() => sampler.softmax(Float32Array.of(1, 2), { shape: [2, 1] } as never)).toThrow(
    "softmax has no option shape: a tensor's shape stands beside its values, { data, shape }",
  );
});
