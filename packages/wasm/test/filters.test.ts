// Filters of categorical and logProb beside the float64 reference and beside one another: what is kept, and what is drawn from it.
import { createSampler as createReference, type FilterOptions } from "@gumbel/core";
import { operations, type ResolvedLogProb, softmaxOfKept } from "@gumbel/core/adapter";
import { expect, it } from "vitest";
import { createEngine, createSampler, key, type NdArray, split } from "../src/index.ts";

const reference = createReference();
const sampler = await createSampler({ simd: "plain" });

/** Numbers in (0, 1) that are the same everywhere. */
function createUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Rounds to bfloat16, as models' logits often are: many ties. */
function bfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] &= 0xffff0000;
  return new Float32Array(bits.buffer)[0];
}

type Kind = (j: number, length: number, uniform: () => number) => number;
const normal = (uniform: () => number) =>
  Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

const KINDS: Readonly<Record<string, Kind>> = {
  flat: (_j, _n, uniform) => 2 * normal(uniform),
  peaked: (_j, n, uniform) => -8 * Math.log(1 + Math.floor(n * uniform())),
  equal: () => 1.5,
  "of few values": (_j, _n, uniform) => Math.floor(4 * uniform()),
  "rounded to bfloat16": (_j, _n, uniform) => bfloat16(6 * normal(uniform)),
  ascending: (j) => j / 16,
  descending: (j) => -j / 16,
  "masked to 99 %": (j, n, uniform) => (j === n >> 1 || uniform() < 0.01 ? normal(uniform) : -Infinity),
  "with zeros of both signs": (_j, _n, uniform) => [0, -0, -1, 0.5][Math.floor(4 * uniform())],
  "around 1e8": (_j, _n, uniform) => 1e8 + 8 * Math.floor(4 * uniform()),
  "as far apart as float32 allows": (_j, _n, uniform) =>
    [3.4028234663852886e38, -3.4028234663852886e38, 0, 5][Math.floor(4 * uniform())],
};

function rowOf(kind: string, length: number, seed: number): NdArray<Float32Array> {
  const uniform = createUniform(seed);
  return {
    data: Float32Array.from({ length }, (_, j) => KINDS[kind](j, length, uniform)),
    shape: [1, length],
  };
}

const LENGTHS = [1, 2, 3, 5, 31, 32, 33, 63, 64, 65, 130, 255, 256, 257, 1000, 2047, 2048, 2049, 3001];

/** Options of a row, one filter or several. */
function anyFilters(length: number, uniform: () => number): FilterOptions & { temperature: number } {
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(values.length * uniform())];
  const options: FilterOptions & { temperature: number } = { temperature: pick(1, 0.7, 2, 0.05, 20) };
  const adders = [
    () => Object.assign(options, { topK: pick(1, 2, 50, length - 1, length, length + 7, 5000) }),
    () => Object.assign(options, { topP: pick(0, 1e-300, 0.0531, 0.5137, 0.9071, 0.9999) }),
    () => Object.assign(options, { minP: pick(1e-4, 0.05, 0.5, 1) }),
    () => Object.assign(options, { topNSigma: pick(0.3, 1, 3) }),
    () => Object.assign(options, { typicalP: pick(0, 0.2113, 0.9071, 0.9999) }),
    () => Object.assign(options, { epsilonCutoff: pick(1.1e-4, 0.0113, 0.83) }),
    () => Object.assign(options, { etaCutoff: pick(1.1e-4, 0.0113, 0.83) }),
    () => Object.assign(options, { mask: maskOf(length, () => uniform() < 0.7) }),
    () => Object.assign(options, { order: "temperature-last" }),
  ];
  for (const add of adders) if (uniform() < 0.25) add();
  return options;
}

/** Bits of the categories that are allowed; 1s behind the last category, which mean nothing. */
function maskOf(length: number, isAllowed: (j: number) => boolean): Uint32Array {
  const mask = new Uint32Array(Math.ceil(length / 32)).fill(0xffffffff);
  for (let j = 0; j < length; j++) if (!isAllowed(j)) mask[j >>> 5] &= ~(1 << (j & 31));
  return mask;
}

/** Log-probabilities of all categories of a row. */
function logProbsOf(
  { logProb }: Pick<typeof sampler, "logProb">,
  { data }: NdArray<Float32Array>,
  options: FilterOptions & { temperature?: number },
): Float64Array {
  const rows = data.length;
  const all = new Float32Array(rows * rows);
  for (let row = 0; row < rows; row++) all.set(data, row * rows);
  const indices = { data: Int32Array.from({ length: rows }, (_, j) => j), shape: [rows] };
  return Float64Array.from(logProb({ data: all, shape: [rows, rows] }, indices, options).data);
}

it.each(Object.keys(KINDS))("draws what the reference draws from rows %s", (kind) => {
  const uniform = createUniform(kind.length + 17);
  for (const length of LENGTHS) {
    for (let trial = 0; trial < 8; trial++) {
      const logits = rowOf(kind, length, 1000 * length + trial);
      const options = {
        ...anyFilters(length, uniform),
        key: key(trial),
        sampleShape: [3],
        offset: Math.floor(1000 * uniform()),
        precision: trial % 2 === 0 ? ("full" as const) : ("jax" as const),
      };
      const expected = reference.categorical(logits, options).data;
      expect(
        [...sampler.categorical(logits, options).data],
        JSON.stringify({ length, trial, options }),
      ).toEqual([...expected]);
    }
  }
});

it.each(Object.keys(KINDS))("keeps what the reference keeps of rows %s, and as probable", (kind) => {
  const uniform = createUniform(kind.length + 23);
  for (const length of [1, 2, 7, 33, 70]) {
    for (let trial = 0; trial < 12; trial++) {
      const logits = rowOf(kind, length, 77 * length + trial);
      const options = anyFilters(length, uniform);
      const expected = logProbsOf(reference as never, logits, options);
      const got = logProbsOf(sampler, logits, options);
      const message = JSON.stringify({ length, trial, options });
      got.forEach((value, j) => {
        expect(Number.isFinite(value), message).toBe(Number.isFinite(expected[j]));
        if (Number.isFinite(value)) expect(value, message).toBeCloseTo(expected[j], 4);
      });
    }
  }
});

it("draws the same among what is kept as plain categorical among what a mask leaves", () => {
  const uniform = createUniform(3);
  for (const kind of Object.keys(KINDS)) {
    for (const length of [40, 300, 700]) {
      const logits = rowOf(kind, length, length);
      const options = { ...anyFilters(length, uniform), topP: 0.8013 };
      const kept = logProbsOf(sampler, logits, options).map(Number.isFinite as never);
      const draw = { temperature: options.temperature, key: key(9), sampleShape: [20] };
      const masked = sampler.categorical(logits, { ...draw, mask: maskOf(length, (j) => kept[j] === 1) });
      expect(sampler.categorical(logits, { ...options, ...draw })).toEqual(masked);
    }
  }
});

it("takes what the mask covers for masked, NaN and +∞ too, and an empty row for degenerate", () => {
  const data = Float32Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY, -Infinity);
  const options = { key: key(1), mask: Uint32Array.of(0b10101), topK: 1 };
  expect(sampler.categorical(data, options).data[0]).toBe(2);
  expect(sampler.categorical(data, { ...options, mask: Uint32Array.of(0b10111) }).data[0]).toBe(-1);
  expect(sampler.categorical(data, { ...options, mask: Uint32Array.of(0b10000) }).data[0]).toBe(-1);
  const of = (index: number, mask: number) =>
    sampler.logProb(data, { data: [index], shape: [] }, { mask: Uint32Array.of(mask) }).data[0];
  expect([of(0, 1), of(2, 1), of(1, 1), of(0, 2), of(4, 16), of(-1, 1)]).toEqual([
    0,
    -Infinity,
    -Infinity,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});

const FILTERS: readonly FilterOptions[] = [
  { topK: 50 },
  // No share of categories: where all are equal, one of them would be in doubt.
  { topP: 0.9071 },
  { minP: 0.02 },
  { topK: 200, topP: 0.9531, minP: 0.01 },
  { typicalP: 0.6113 },
  { topNSigma: 2, etaCutoff: 1e-4 },
];

it.each(FILTERS)("finds the same in long rows, longer than the buffers too: %j", (filters) => {
  for (const [length, kind] of [
    [32_000, "flat"],
    [32_000, "equal"],
    [151_936, "peaked"],
    [300_001, "rounded to bfloat16"],
  ] as const) {
    const logits = rowOf(kind, length, length);
    const options = { temperature: 0.8, ...filters };
    const drawn = sampler.categorical(logits, { ...options, key: key(length) });
    expect(drawn.data).toEqual(reference.categorical(logits, { ...options, key: key(length) }).data);
    const expected = reference.logProb(logits, drawn, options).data[0];
    expect(sampler.logProb(logits, drawn, options).data[0]).toBeCloseTo(expected, 4);
  }
});

it("refuses rows that its memory cannot hold, and says so", () => {
  const logits = new Float32Array(5_000_000);
  expect(() => sampler.categorical(logits, { topK: 5 })).toThrow(
    /^rows with filters .* got 5000000 categories/,
  );
  expect(sampler.categorical(logits.subarray(0, 4_000_000), { topK: 1 }).data[0]).toBe(0);
});

it("gives a row of a batch, with its values and its key, the bits of the row alone", () => {
  const rows = 9;
  const length = 700;
  const data = new Float32Array(rows * length);
  for (let row = 0; row < rows; row++)
    data.set(rowOf(Object.keys(KINDS)[row], length, row).data, row * length);
  const keys = split(key(4), rows);
  const temperature = [1, 0.5, 0, 2, 1, 0.1, 3, 1, 1];
  const topK = [0, 5, 0, 1, 0, 30, 0, 0, 10_000];
  const topP = [0.9, 1, 1, 0.5, 1, 0.9, 0.99, 1, 0.3];
  const typicalP = [1, 1, 1, 1, 1, 0.5, 1, 1, 0.9];
  const all = sampler.categorical(
    { data, shape: [rows, length] },
    { key: keys, temperature, topK, topP, typicalP, sampleShape: [4] },
  ).data;
  for (let row = 0; row < rows; row++) {
    const alone = sampler.categorical(data.slice(row * length, (row + 1) * length), {
      key: keys[row],
      temperature: temperature[row],
      topK: topK[row],
      topP: topP[row],
      typicalP: typicalP[row],
      sampleShape: [4],
    }).data;
    expect([0, 1, 2, 3].map((sample) => all[sample * rows + row])).toEqual([...alone]);
  }
});

it.each([
  { shape: [3, 70], options: { topK: 5, temperature: [0.5, 1, 2] } },
  { shape: [2, 70, 3], options: { axis: 1, topP: 0.8 } },
  { shape: [3, 70], options: { mask: Int32Array.of(-1, 0xffff, 0) } },
  // Longer than the engine's buffers.
  { shape: [1, 300_000], options: { minP: 0.1 } },
])("the engine's softmaxOfKept is the distribution that the filters leave, %o", ({ shape, options }) => {
  const call = operations.logProb.resolve({ shape }, options) as ResolvedLogProb;
  const length = shape.reduce((product, dimension) => product * dimension);
  const data = rowOf("rounded to bfloat16", length, 5).data;
  if (shape[0] > 2) data[70] = Number.NaN;
  const y = createEngine({ simd: "plain" }).softmaxOfKept(data, call, call.decoding!);
  const expected = softmaxOfKept({ data, shape }, call, call.decoding!).data;
  let largestError = 0;
  let isSame = true;
  y.forEach((value, i) => {
    isSame &&= Number.isNaN(value) === Number.isNaN(expected[i]) && (value === 0) === (expected[i] === 0);
    if (expected[i] > 0) largestError = Math.max(largestError, Math.abs(value / expected[i] - 1));
  });
  expect(isSame).toBe(true);
  expect(largestError).toBeLessThan(2 ** -18);
});
