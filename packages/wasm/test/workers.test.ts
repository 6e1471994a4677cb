// Workers change no bit of a result, whatever their number; their life ends with the sampler's.
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createSampler, key, type ParallelSampler, split, type WasmSampler } from "../src/index.ts";

type Result = ReturnType<WasmSampler[Exclude<keyof WasmSampler, "backend" | "capabilities" | "dispose">]>;

const local: WasmSampler = await createSampler();
const shared: ParallelSampler[] = [];
beforeAll(async () => {
  for (const workers of [1, 2, 3]) shared.push(await createSampler({ workers, parallelFrom: 0 }));
});
afterAll(() => {
  for (const sampler of shared) sampler.dispose();
});

/** All bytes of a result, and its shapes. */
function bytesOf(result: Result): Buffer {
  if ("values" in result) return Buffer.concat([bytesOf(result.values), bytesOf(result.indices)]);
  return Buffer.concat([Buffer.from(result.data.buffer), Buffer.from(JSON.stringify(result.shape))]);
}

function logitsOf(...shape: number[]) {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const data = Float32Array.from(
    { length: size },
    (_, i) => 4 * Math.sin(i * 12.9898) - (i % 97 === 5 ? 1 / 0 : 0),
  );
  return { data, shape };
}

const SHAPES: readonly (readonly [title: string, shape: number[], axis: number])[] = [
  ["one long row", [1, 151_936], -1],
  ["a row longer than the buffers", [1, 300_000], -1],
  ["a few long rows", [3, 40_000], -1],
  ["rows of middling length", [300, 300], -1],
  ["short rows", [1000, 10], -1],
  ["long rows that lie apart", [2, 20_000, 3], 1],
  ["short rows that lie apart", [10, 500], 0],
];
const NOISE = { key: key(7), offset: 2 ** 32 - 5000 };

describe.each(SHAPES)("%s", (_, shape, axis) => {
  const logits = logitsOf(...shape);
  const cotangent = { data: logits.data.map((value) => Math.cos(value)), shape };
  const words = Math.ceil((shape.at(axis) ?? 0) / 32);
  const modes = local.categorical(logits, { axis, temperature: 0 });
  const calls: Readonly<Record<string, (sampler: WasmSampler) => Result>> = {
    bits: (sampler) => sampler.bits(shape, NOISE),
    gumbel: (sampler) => sampler.gumbel(shape, { ...NOISE, precision: "jax" }),
    categorical: (sampler) => sampler.categorical(logits, { ...NOISE, axis }),
    "categorical with gaps": (sampler) =>
      sampler.categorical(logits, { ...NOISE, axis, rowStride: 2 * shape[shape.length - 1] + 1 }),
    "soft samples": (sampler) => sampler.gumbelSoftmax(logits, { ...NOISE, axis }),
    "soft samples at temperature 0.3": (sampler) =>
      sampler.gumbelSoftmax(logits, { key: key(1), axis, temperature: 0.3 }),
    "many hard samples": (sampler) =>
      sampler.gumbelSoftmax(logits, { key: key(2), axis, hard: true, sampleShape: [3] }),
    gradients: (sampler) => sampler.gumbelSoftmaxVjp(logits, cotangent, { key: key(3), axis }),
    softmax: (sampler) => sampler.softmax(logits, { axis, temperature: 2 }),
    "gradients of softmax": (sampler) => sampler.softmaxVjp(logits, cotangent, { axis }),
    gumbelTopK: (sampler) => sampler.gumbelTopK(logits, 5, { key: key(4), axis }),
    logProb: (sampler) => sampler.logProb(logits, modes, { axis, temperature: 0.7 }),
    "filtered categories": (sampler) =>
      sampler.categorical(logits, { ...NOISE, axis, topP: 0.9, minP: 0.01, sampleShape: [2] }),
    "categories with values and keys by row": (sampler) =>
      sampler.categorical(logits, {
        axis,
        key: split(key(5), modes.data.length),
        temperature: Array.from(modes.data, (_, row) => 0.5 + (row % 3)),
        topK: Array.from(modes.data, (_, row) => row % 30),
        mask: Uint32Array.from({ length: words * modes.data.length }, (_, i) => Math.imul(i + 1, 0x9e3779b1)),
      }),
    "filtered log-probabilities": (sampler) => sampler.logProb(logits, modes, { axis, typicalP: 0.8 }),
  };
  it.each(Object.entries(calls))("has the same %s for any number of workers", async (_name, call) => {
    const expected = bytesOf(call(local));
    for (const sampler of shared) {
      expect(bytesOf(await call(sampler as unknown as WasmSampler)).equals(expected)).toBe(true);
    }
  });
});

it("works on many calls at once", async () => {
  const logits = logitsOf(2, 30_000);
  const keys = Array.from({ length: 20 }, (_, i) => key(i));
  const results = await Promise.all(keys.map((k) => shared[1].categorical(logits, { key: k })));
  expect(results).toEqual(keys.map((k) => local.categorical(logits, { key: k })));
});

it("does small calls itself, and gives the same", async () => {
  const sampler = await createSampler({ workers: 1 });
  const logits = logitsOf(3, 7);
  const result = await sampler.gumbelSoftmax(logits, { key: key(5) });
  expect(result).toEqual(local.gumbelSoftmax(logits, { key: key(5) }));
  sampler.dispose();
});

it("reads its inputs before the call returns", async () => {
  const logits = logitsOf(1, 50_000);
  const expected = local.gumbelSoftmax(logits, { key: key(1) });
  const result = shared[2].gumbelSoftmax(logits, { key: key(1) });
  logits.data.fill(0);
  expect(await result).toEqual(expected);
});

it("keeps the inputs of calls that overlap apart", async () => {
  const sampler = await createSampler({ workers: 1, parallelFrom: 1 });
  const call = { key: key(1) };
  const inputs = [1, -1, 2].map((factor) => {
    const { data, shape } = logitsOf(50, 1000);
    return { data: data.map((logit) => factor * Math.max(logit, -9)), shape };
  });
  // Twice: at first there are no copies to use again.
  for (let round = 0; round < 2; round++) {
    const results = await Promise.all(inputs.map((logits) => sampler.gumbelSoftmax(logits, call)));
    results.forEach((result, i) => {
      expect(result).toEqual(local.gumbelSoftmax(inputs[i], call));
    });
  }
  sampler.dispose();
});

it("calls with filters go to workers only where all calls do, and are the same there", async () => {
  const sampler = await createSampler({ workers: 1, parallelFrom: 1 });
  const post = vi.spyOn(Worker.prototype, "postMessage");
  const logits = logitsOf(4, 5000);
  for (const [options, isShared] of [
    [{ topK: 50 }, false],
    [{ topP: [1, 1, 1, 0.9] }, false],
    [{ temperature: [1, 2, 1, 1], topP: 1 }, true],
    [{}, true],
  ] as const) {
    const call = { key: key(3), ...options };
    post.mockClear();
    const got = await sampler.categorical(logits, call);
    expect(post.mock.calls.length > 0, JSON.stringify(options)).toBe(isShared);
    expect(got).toEqual(local.categorical(logits, call));
    expect(got).toEqual(await shared[0].categorical(logits, call));
  }
  post.mockRestore();
  sampler.dispose();
});

it("rejects bad arguments", async () => {
  const logits = logitsOf(2, 3);
  await expect(shared[0].categorical(logits, { axis: 2 })).rejects.toThrow(RangeError);
  await expect(shared[0].gumbelTopK({ data: [1], shape: [2] }, 1)).rejects.toThrow(/must hold 2 values/);
  for (const index of [3, -2, 0.5, 2 ** 32, Number.NaN]) {
    const indices = { data: [0, index], shape: [2] };
    await expect(shared[0].logProb(logits, indices)).rejects.toThrow(
      /^indices must be an integer in \[-1, 2\]/,
    );
  }
});

it("rejects what is under way when it is disposed, and what comes afterwards", async () => {
  const sampler = await createSampler({ workers: 1, parallelFrom: 0 });
  const underWay = sampler.gumbelSoftmax(logitsOf(1, 500_000));
  const outcome = expect(underWay).rejects.toThrow(/disposed/);
  sampler.dispose();
  await outcome;
  await expect(sampler.bits([4])).rejects.toThrow(/disposed/);
  sampler.dispose();
});
