// Appended samplers that draw a row many times: the samples are those of the reference on the same key.
import {
  type CategoricalOptions,
  categorical,
  gumbel,
  gumbelSoftmax,
  key,
  logProb,
  type NdArray,
  split,
} from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { describe, expect, it } from "vitest";
import { type AppendSamplerOptions, appendSampler, exportCategorical, noiseBits } from "../src/index.ts";
import { assertValidModel } from "./assert-valid-model.ts";
import { type Feeds, RUNTIMES, runModel } from "./run-model.ts";
import { identityModel } from "./tiny-model.ts";

const [[, node], [, web]] = RUNTIMES;
const [ROWS, CATEGORIES] = [3, 45];
const shape = [ROWS, CATEGORIES];
const data = Float32Array.from({ length: ROWS * CATEGORIES }, (_, i) =>
  Math.fround(3 * Math.sin(i * i * 0.37)),
);
const logits: NdArray<Float32Array> = { data, shape };
const keys = split(key(7), ROWS);

const sizeOf = (dims: readonly number[]) => dims.reduce((size, dimension) => size * dimension, 1);
const isOwn = (name: string) => name.startsWith("gumbel/");
const ROW_KEYS: Feeds = { key: ["uint32", keys.flatMap((each) => [...each]), [ROWS, 2]] };

type Options = Partial<AppendSamplerOptions>;

/** A sampler, what it is fed beside logits and the one key, and the reference's options where they are others. */
interface Case {
  readonly options: Options;
  readonly samples?: readonly number[];
  readonly dims?: readonly number[];
  readonly feeds?: Feeds;
  readonly reference?: CategoricalOptions;
}

/** A value for each row of what is fed. */
const VALUES = { temperature: [1, 0.4, 2], topK: [3, 0, 20], topP: [0.9, 0.5, 1], minP: [0.05, 0.2, 0] };
const FED_VALUES: Feeds = {
  temperature: ["float32", VALUES.temperature, [ROWS]],
  top_k: ["int64", VALUES.topK, [ROWS]],
  top_p: ["float32", VALUES.topP, [ROWS]],
  min_p: ["float32", VALUES.minP, [ROWS]],
};
const PER_ROW = { temperature: "per-row", topK: "per-row", topP: "per-row", minP: "per-row" } as const;
const INPUT = { sampleShape: "input" } as const;

const FEW: readonly Case[] = [
  { options: { sampleShape: [5], topK: 7, temperature: 0.7, logProb: true } },
  {
    options: { ...INPUT, key: "per-row", ...PER_ROW, logProb: true },
    samples: [4],
    feeds: { ...ROW_KEYS, ...FED_VALUES },
    reference: { ...VALUES, key: keys },
  },
];
const CASES: readonly Case[] = [
  ...FEW,
  { options: { sampleShape: [5] } },
  { options: { sampleShape: [2, 3], precision: "jax", integers: "uint64", logProb: true } },
  {
    options: {
      sampleShape: [2, 3],
      topP: 0.8,
      minP: 0.05,
      temperature: 2,
      integers: "uint64",
      logProb: true,
    },
  },
  { options: { ...INPUT, topP: 0.9, candidates: 4, indexType: "int32" }, samples: [3] },
  { options: { ...INPUT, temperature: 0 }, samples: [3], reference: { temperature: 0 } },
  { options: { sampleShape: [2, 2], temperature: 0, axis: 1 }, dims: [3, 5, 9] },
  { options: { sampleShape: [2, 2], minP: 0.1, logProb: true, axis: 1 }, dims: [3, 5, 9] },
  {
    options: { ...INPUT, minP: 0.1, logProb: true, axis: -3, integers: "uint64" },
    samples: [4],
    dims: [3, 5, 9],
  },
  { options: { sampleShape: [6], topK: 2, logProb: true }, dims: [135] },
  { options: { sampleShape: [2, 2], key: "per-row" }, feeds: ROW_KEYS, reference: { key: keys } },
  {
    options: { sampleShape: [2, 3], key: "per-row", topK: 9, integers: "uint64", logProb: true },
    dims: [3, 1, 45],
    feeds: { key: ["uint32", keys.flatMap((each) => [...each]), [3, 1, 2]] },
    reference: { topK: 9, key: keys },
  },
  {
    options: { sampleShape: [4], mask: "packed", logProb: true },
    feeds: { mask: ["int32", [-2, 21], [1, 2]] },
    reference: { mask: Int32Array.of(-2, 21) },
  },
];

/** A model with a sampler, and what it is fed. */
function fed({ options, samples, dims = shape, feeds }: Case): { model: Uint8Array; given: Feeds } {
  const model = appendSampler(identityModel(dims.length), { logits: "logits", ...options });
  assertValidModel(model, isOwn);
  const given: Feeds = {
    x: ["float32", Array.from(data), dims],
    ...(options.temperature !== 0 && { key: ["uint32", key(7), [2]] }),
    ...(samples !== undefined && { sample_shape: ["int64", samples, [samples.length]] }),
    ...feeds,
  };
  return { model, given };
}

async function expectReference(ort: typeof node, each: Case): Promise<void> {
  const { options, dims = shape, samples = options.sampleShape as number[], reference } = each;
  const { model, given } = fed(each);
  const { axis, temperature, topK, topP, minP, precision } = options;
  const constant = { axis, temperature, topK, topP, minP };
  const filters = { ...(reference ?? constant), axis } as CategoricalOptions;
  const rows = { data, shape: dims };
  const expected = categorical(rows, { key: key(7), precision, ...filters, sampleShape: samples });
  const { indices, log_prob } = await runModel(ort, model, given);
  expect(indices).toEqual({ data: Array.from(expected.data), shape: expected.shape });
  if (log_prob === undefined) return;
  expect(log_prob.shape).toEqual(expected.shape);
  const { key: _, ...distribution } = filters;
  const perSample = expected.data.length / sizeOf(samples);
  for (let sample = 0; sample < sizeOf(samples); sample++) {
    const own = expected.data.subarray(sample * perSample, (sample + 1) * perSample);
    const logProbs = logProb(rows, { data: own, shape: expected.shape.slice(samples.length) }, distribution);
    for (const [i, value] of logProbs.data.entries()) {
      expect(log_prob.data[sample * perSample + i]).toBeCloseTo(value, 4);
    }
  }
}

it.each(CASES)("draws the samples of the reference, with $options of $dims", (each) =>
  expectReference(node, each),
);

describe(shortened("so it does on onnxruntime-web", "with a few options"), () => {
  it.each(isFullRun ? CASES : FEW)("$options", (each) => expectReference(web, each));
});

it("bits and noise that come in are those of all samples", async () => {
  for (const topK of [undefined, 6]) {
    for (const [noise, type, values] of [
      ["bits", "int64", noiseBits([4, ...shape], { key: key(7) })],
      ["input", "float32", gumbel([4, ...shape], { key: key(7) }).data],
    ] as const) {
      const model = appendSampler(identityModel(2), { logits: "logits", sampleShape: [4], topK, noise });
      const { indices } = await runModel(node, model, {
        x: ["float32", Array.from(data), shape],
        [noise === "bits" ? "bits" : "noise"]: [
          type,
          Array.from(values as ArrayLike<number>, Number),
          [4, ...shape],
        ],
      });
      const expected = categorical(logits, { key: key(7), sampleShape: [4], topK });
      expect(indices).toEqual({ data: Array.from(expected.data), shape: [4, ROWS] });
    }
  }
});

/** Logits with all but the largest of each row masked. */
function largestOf(count: number): NdArray<Float32Array> {
  const kept = Float32Array.from(data, (value, i) => {
    const row = Math.floor(i / CATEGORIES) * CATEGORIES;
    const larger = data.subarray(row, row + CATEGORIES).filter((other) => other > value).length;
    return larger < count ? value : Number.NEGATIVE_INFINITY;
  });
  return { data: kept, shape };
}

it("soft samples are those of the same noise, of each row and sample", async () => {
  for (const { topK, sampleShape, integers } of [
    { sampleShape: [2, 2] },
    { topK: 6, sampleShape: INPUT.sampleShape },
    { topK: 6, sampleShape: [3], integers: "uint64" },
  ] as const) {
    const options = { topK, sampleShape, integers, soft: true, softTemperature: 0.5 };
    const samples = sampleShape === "input" ? [3] : sampleShape;
    const { model, given } = fed({ options, ...(sampleShape === "input" && { samples }) });
    const { soft } = await runModel(node, model, given);
    const kept = largestOf(topK ?? CATEGORIES);
    const expected = gumbelSoftmax(kept, { key: key(7), temperature: 0.5, sampleShape: samples });
    expect(soft.shape).toEqual(expected.shape);
    for (const [i, value] of soft.data.entries()) expect(value).toBeCloseTo(expected.data[i], 5);
  }
});

it("all samples are of the position that is drawn at, and -1 where a row has none", async () => {
  const options = { sampleShape: [4], position: "input", topP: 0.8, logProb: true, soft: true } as const;
  const position: Feeds[string] = ["int64", [0, 1], [2]];
  const { model, given } = fed({ options, dims: [2, 1, 45], feeds: { position } });
  const x: Feeds[string] = ["float32", Array.from(data.subarray(0, 2 * CATEGORIES)), [2, 1, CATEGORIES]];
  const { indices, log_prob, soft } = await runModel(node, model, { ...given, x });
  const rows = { data: data.slice(0, 2 * CATEGORIES), shape: [2, CATEGORIES] };
  const expected = categorical(rows, { key: key(7), sampleShape: [4], topP: 0.8 });
  expect(indices.data).toEqual(Array.from(expected.data, (index, i) => (i % 2 === 0 ? index : -1)));
  expect(log_prob.data.map(Number.isNaN)).toEqual(indices.data.map((index) => index === -1));
  expect(soft.shape).toEqual([4, 2, CATEGORIES]);
});

/** Options whose kernels must not see an empty tensor: TopK ends the process there. */
const GUARDED: readonly Options[] = [
  { logProb: true },
  { topK: 3, soft: true },
  { topP: 0.9, candidates: 2, logProb: true, soft: true },
  { topK: "input", topP: "per-row", key: "per-row", logProb: true },
  { temperature: 0 },
  { position: "last", topP: 0.5, soft: true },
  { integers: "uint64", logProb: true, minP: 0.2 },
];

/** What the logits are fed with, of so many rows and categories. */
function guardedFeeds(
  options: Options,
  [rows, categories]: readonly number[],
  values: readonly number[],
): Feeds {
  return {
    x: ["float32", values, options.position === undefined ? [rows, categories] : [rows, 1, categories]],
    ...(options.temperature !== 0 && { key: ["uint32", key(1), [2]] }),
    ...(options.key === "per-row" && {
      key: ["uint32", Array.from({ length: rows }, () => [...key(1)]).flat(), [rows, 2]],
    }),
    ...(options.topK === "input" && { top_k: ["int64", [2], []] }),
    ...(options.topP === "per-row" && { top_p: ["float32", Array<number>(rows).fill(0.9), [rows]] }),
  };
}

async function expectEmpty(ort: typeof node, options: Options, sampleShape: Options["sampleShape"]) {
  const rank = options.position === undefined ? 2 : 3;
  const model = appendSampler(identityModel(rank), { logits: "logits", ...options, sampleShape });
  for (const samples of sampleShape === "input" ? [[0], [3]] : [sampleShape as readonly number[]]) {
    for (const dims of [
      [2, 4],
      [0, 4],
      [2, 0],
    ]) {
      if (sizeOf([...samples, ...dims]) !== 0) continue;
      const { indices, log_prob, soft } = await runModel(ort, model, {
        ...(sampleShape === "input" && { sample_shape: ["int64", samples, [1]] }),
        ...guardedFeeds(options, dims, Array<number>(sizeOf(dims)).fill(1)),
      });
      const whole = [...samples, dims[0]];
      expect(indices).toEqual({ data: Array(sizeOf(whole)).fill(-1), shape: whole });
      if (log_prob !== undefined) expect(log_prob.shape).toEqual(whole);
      if (soft !== undefined) expect(soft.shape).toEqual([...samples, ...dims]);
    }
  }
}

it.each(GUARDED)(
  "no sample, no row and no category give results of their shape, with %o",
  async (options) => {
    await expectEmpty(node, options, "input");
    await expectEmpty(node, options, [2, 0]);
  },
);

describe(shortened("so they do on onnxruntime-web", "with a few options"), () => {
  it.each(isFullRun ? GUARDED : GUARDED.slice(2, 3))("%o", (options) => expectEmpty(web, options, "input"));
});

it.each(GUARDED)("a degenerate row is -1 in every sample, and no other row is, with %o", async (options) => {
  const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: none } = Number;
  const values = [1, nan, 2, 0, none, none, none, none, 0.5, none, 2, none, 1, 2, inf, 3];
  const rank = options.position === undefined ? 2 : 3;
  const model = appendSampler(identityModel(rank), { logits: "logits", ...options, sampleShape: [2] });
  const { indices, log_prob, soft } = await runModel(node, model, guardedFeeds(options, [4, 4], values));
  const expected = [true, true, false, true, true, true, false, true];
  expect(indices.data.map((index) => index === -1)).toEqual(expected);
  if (log_prob !== undefined) expect(log_prob.data.map(Number.isNaN)).toEqual(expected);
  const firsts = soft?.data.filter((_, i) => i % 4 === 0).map(Number.isNaN);
  if (soft !== undefined) expect(firsts).toEqual(expected);
});

it("a function of the model draws the same samples, beside another sampler that is fed another number of them", async () => {
  const once = appendSampler(identityModel(2), { logits: "logits", ...INPUT, asFunction: true });
  const twice = appendSampler(once, { logits: "logits", ...INPUT, topK: 4, prefix: "b_" });
  assertValidModel(twice, isOwn);
  const drawn = await runModel(node, twice, {
    x: ["float32", Array.from(data), shape],
    key: ["uint32", key(7), [2]],
    b_key: ["uint32", key(8), [2]],
    sample_shape: ["int64", [5], [1]],
    b_sample_shape: ["int64", [2], [1]],
  });
  const expected = categorical(logits, { key: key(7), sampleShape: [5] });
  const others = categorical(logits, { key: key(8), sampleShape: [2], topK: 4 });
  expect(drawn.indices).toEqual({ data: Array.from(expected.data), shape: [5, ROWS] });
  expect(drawn.b_indices).toEqual({ data: Array.from(others.data), shape: [2, ROWS] });
});

it.each(["input", "per-row"] as const)("counters of samples go beyond 2³², with a key %s", async (kind) => {
  const count = 200_000;
  const first = Math.ceil(2 ** 32 / count);
  const row = {
    data: Float32Array.from({ length: count }, (_, i) => (i % 1000 === 7 ? 5 : 0)),
    shape: [1, count],
  };
  const options = { topK: 16, sampleShape: [first + 20] };
  const model = appendSampler(identityModel(2), { logits: "logits", key: kind, ...options });
  const { indices } = await runModel(node, model, {
    x: ["float32", Array.from(row.data), row.shape],
    key: ["uint32", [...key(7)], kind === "input" ? [2] : [1, 2]],
  });
  const expected = Array.from({ length: 20 }, (_, i) => {
    const offset = (first + i) * count;
    return categorical(row, { key: key(7), topK: 16, offset }).data[0];
  });
  expect(indices.data.slice(first)).toEqual(expected);
});

it("a sample shape of no dimensions is none", () => {
  const append = (sampleShape: Options["sampleShape"]) =>
    appendSampler(identityModel(2), { logits: "logits", topK: 3, sampleShape });
  for (const sampleShape of [[], null]) expect(append(sampleShape)).toEqual(append(undefined));
});

it("a wrong sample shape is the error that exports have", () => {
  for (const [options, message] of [
    [{ sampleShape: [-1] }, /sampleShape must hold non-negative integers/],
    [{ sampleShape: [1.5] }, /sampleShape must hold non-negative integers/],
    [{ sampleShape: 5 }, /sampleShape must be/],
    [{ ...INPUT, axis: 0 }, /axis must count from the end where sampleShape is "input", got 0/],
  ] as const) {
    const wrong = { logits: "logits", ...options } as unknown as AppendSamplerOptions;
    expect(() => appendSampler(identityModel(2), wrong)).toThrow(message);
    expect(() => exportCategorical(options as never)).toThrow(message);
  }
});
