// Exported and appended graphs over tensors without elements, in Node and web: ONNX Runtime's TopK ends the process there, and
// its reductions keep the axis.
import { key } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { describe, expect, it } from "vitest";
import {
  appendSampler,
  exportCategorical,
  exportGumbelSoftmax,
  exportGumbelSoftmaxVjp,
  exportGumbelTopK,
  noiseBits,
} from "../src/index.ts";
import { ONE_THREAD, RUNTIMES } from "./run-model.ts";
import { identityModel } from "./tiny-model.ts";

const SHAPES = [[0, 5], [2, 0, 5], [0, 0], [3, 0, 2], [0], [5, 0], [2, 3]];
const SAMPLES = [0, 3];
const SOURCES = ["threefry", "bits", "input"] as const;

/** Every combination that leaves a tensor without elements. */
const cases = SHAPES.flatMap((shape) =>
  SAMPLES.map((samples) => ({ shape, samples, whole: [samples, ...shape] })),
).filter(({ whole }) => whole.includes(0));

/** A shape of which a graph states the rank alone. */
const dimsOf = (rank: number) => Array.from({ length: rank }, (_, d) => `d${d}`);

const sizeOf = (shape: readonly number[]) => shape.reduce((size, dimension) => size * dimension, 1);

/** Noise, integers and rank of a graph. */
type Case = readonly [(typeof SOURCES)[number], "uint32" | "uint64", number];
const FEW: readonly Case[] = [
  ["threefry", "uint32", 2],
  ["threefry", "uint64", 3],
];
const ALL: readonly Case[] = [
  ...SOURCES.flatMap((noise) => [1, 2, 3].map((rank): Case => [noise, "uint32", rank])),
  ["threefry", "uint64", 2],
  ["threefry", "uint64", 3],
];

describe.each([
  ["onnxruntime-node", RUNTIMES[0][1], true],
  [shortened("onnxruntime-web", "with noise from the key, of two ranks"), RUNTIMES[1][1], isFullRun],
] as const)("%s", (_, ort, isWhole) => {
  const floats = (shape: readonly number[]) =>
    new ort.Tensor("float32", new Float32Array(sizeOf(shape)), [...shape]);
  const ints = (values: readonly number[]) =>
    new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [values.length]);
  /** What the noise of a graph is fed. */
  const noiseOf = (source: (typeof SOURCES)[number], shape: readonly number[]) =>
    ({
      threefry: () => ({ key: new ort.Tensor("uint32", Uint32Array.from(key(1)), [2]) }),
      bits: () => ({
        bits: new ort.Tensor("int64", noiseBits(shape, { key: key(1) }) as BigInt64Array, [...shape]),
      }),
      input: () => ({ noise: floats(shape) }),
    })[source]();
  const load = (model: Uint8Array) => ort.InferenceSession.create(model, ONE_THREAD);

  it.each(isWhole ? ALL : FEW)(
    "graphs that draw samples, with noise %s by %s, of rank %d",
    async (noise, integers, rank) => {
      const options = { noise, integers, sampleShape: "input", shape: dimsOf(rank) } as const;
      const categorical = await load(exportCategorical(options));
      const soft = await load(exportGumbelSoftmax(options));
      const hard = await load(exportGumbelSoftmax({ ...options, hard: true }));
      const vjp = await load(exportGumbelSoftmaxVjp(options));
      for (const { shape, samples, whole } of cases.filter(({ shape }) => shape.length === rank)) {
        const feeds = { logits: floats(shape), sample_shape: ints([samples]), ...noiseOf(noise, whole) };
        const { indices } = await categorical.run(feeds);
        expect(indices.dims).toEqual([samples, ...shape.slice(0, -1)]);
        // Rows without a category have no index.
        expect(Array.from(indices.data as BigInt64Array).every((index) => index === -1n)).toBe(true);
        expect((await soft.run(feeds)).y.dims).toEqual(whole);
        expect((await hard.run(feeds)).y.dims).toEqual(whole);
        const { gradient } = await vjp.run({ ...feeds, cotangent: floats(whole) });
        expect(gradient.dims).toEqual(shape);
        expect(Array.from(gradient.data as Float32Array).every((value) => value === 0)).toBe(true);
      }
    },
  );

  it.each(isWhole ? SOURCES : SOURCES.slice(0, 1))(
    "samples without replacement, with noise %s",
    async (noise) => {
      for (const shape of SHAPES) {
        const topK = await load(exportGumbelTopK({ noise, shape: dimsOf(shape.length) }));
        const categories = shape[shape.length - 1];
        for (const k of new Set([0, Math.min(1, categories), categories])) {
          const { values, indices } = await topK.run({
            logits: floats(shape),
            k: ints([k]),
            ...noiseOf(noise, shape),
          });
          for (const result of [values, indices]) expect(result.dims).toEqual([...shape.slice(0, -1), k]);
        }
      }
    },
  );

  it("another axis, and the mode", async () => {
    const feeds = { logits: floats([2, 0, 5]), ...noiseOf("threefry", []) };
    const shape = dimsOf(3);
    for (const [axis, batch, none] of [
      [0, [0, 5], [0, 0, 5]],
      [1, [2, 5], [2, 0, 5]],
      [-3, [0, 5], [0, 0, 5]],
    ] as const) {
      expect((await (await load(exportCategorical({ axis, shape }))).run(feeds)).indices.dims).toEqual(batch);
      const mode = await load(exportCategorical({ axis, shape, temperature: 0, sampleShape: [2, 3] }));
      expect((await mode.run({ logits: feeds.logits })).indices.dims).toEqual([2, 3, ...batch]);
      expect((await (await load(exportGumbelSoftmax({ axis, shape }))).run(feeds)).y.dims).toEqual([2, 0, 5]);
      const top = await (await load(exportGumbelTopK({ axis, shape, k: 0 }))).run(feeds);
      expect(top.values.dims).toEqual(none);
    }
  });

  it.each([
    {},
    { topK: 3 },
    { soft: true },
    { topK: 3, soft: true },
    { temperature: 0 },
    { integers: "uint64" },
  ] as const)("a model with a sampler, %o", async (options) => {
    const session = await load(appendSampler(identityModel(3), { logits: "logits", ...options }));
    for (const shape of [
      [0, 2, 5],
      [2, 0, 5],
      [2, 3, 0],
      [0, 0, 0],
    ]) {
      const feeds = { x: floats(shape), ...("temperature" in options ? {} : noiseOf("threefry", shape)) };
      const { indices, soft } = await session.run(feeds);
      expect(indices.dims).toEqual(shape.slice(0, -1));
      if ("soft" in options) expect(soft.dims).toEqual(shape);
    }
  });
});
