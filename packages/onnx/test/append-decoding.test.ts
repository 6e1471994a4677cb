// Samplers of language models: filters, values and keys by row, and positions, against the reference.
import { type CategoricalOptions, categorical, key, logProb, type NdArray, split } from "@gumbel/core";
import { isFullRun, shortened } from "@gumbel-tools/test";
import { describe, expect, it } from "vitest";
import { type AppendSamplerOptions, appendSampler } from "../src/index.ts";
import { assertValidModel } from "./assert-valid-model.ts";
import { type Feeds, RUNTIMES, runModel as run } from "./run-model.ts";
import { identityModel } from "./tiny-model.ts";

const ROWS = 6;
/** No multiple of a vector's width. */
const CATEGORIES = 301;
const shape = [ROWS, CATEGORIES];
const logits: NdArray<Float32Array> = {
  data: Float32Array.from({ length: ROWS * CATEGORIES }, (_, i) => Math.fround(4 * Math.sin(i * i * 0.37))),
  shape,
};
const keys = split(key(7), ROWS);

/** What a filter, or the temperature, may be fed for each row, and what it is called. */
const FED = {
  temperature: { name: "temperature", type: "float32", values: [1, 0.5, 2, 0, 0.1, 7] },
  topK: { name: "top_k", type: "int64", values: [3, 40, 0, 5, 1, 300] },
  topP: { name: "top_p", type: "float32", values: [0.9, 0.5, 1, 0.7, 0, 0.99] },
  minP: { name: "min_p", type: "float32", values: [0.05, 0, 0.5, 1, 0.01, 0.2] },
} as const;
type Parameter = keyof typeof FED;

const x: Feeds = { x: ["float32", Array.from(logits.data), shape] };
const oneKey: Feeds = { key: ["uint32", key(7), [2]] };
const rowKeys: Feeds = { key: ["uint32", keys.flatMap((each) => [...each]), [ROWS, 2]] };
/** The model with a sampler: for equal options the same one, which runs in the same session. */
function model(options: Partial<AppendSamplerOptions>, rank = 2): Uint8Array {
  const id = JSON.stringify([rank, Object.entries(options).sort()]);
  const made = models.get(id) ?? appendSampler(identityModel(rank), { logits: "logits", ...options });
  models.set(id, made);
  return made;
}
const models = new Map<string, Uint8Array>();
const drawn = (options: CategoricalOptions) => Array.from(categorical(logits, options).data);

/** Constant options, those with most to go wrong. */
const FEW: readonly Partial<AppendSamplerOptions>[] = [
  { topP: 0.95, temperature: 2 },
  { topK: 20, topP: 0.8, minP: 0.2, temperature: 1.5 },
];
const CONSTANT: readonly Partial<AppendSamplerOptions>[] = [
  { topK: 5 },
  { topK: 300, temperature: 0.7 },
  { topP: 0.9 },
  { topP: 0, temperature: 3 },
  { minP: 0.1 },
  { minP: 1 },
  { topK: 20, topP: 0.6 },
  { topP: 0.99, minP: 0.01, temperature: 0.3 },
  { temperature: 0, topK: 4, topP: 0.5 },
  ...FEW,
];

describe.each([
  ["a language model's sampler on onnxruntime-node", RUNTIMES[0][1], true],
  [
    shortened("a language model's sampler on onnxruntime-web", "with a few options"),
    RUNTIMES[1][1],
    isFullRun,
  ],
] as const)("%s", (_, ort, isWhole) => {
  /** All cases, or the last of them alone. */
  const some = <Case>(cases: readonly Case[]) => (isWhole ? cases : cases.slice(-1));

  it.each(isWhole ? CONSTANT : FEW)("draws what the reference draws with %o", async (options) => {
    const { topK, topP, temperature } = options;
    for (const integers of some(["uint64", "uint32"] as const)) {
      // Few candidates make top-p look at whole rows.
      const isRanked = topP !== undefined && topK === undefined;
      for (const candidates of isRanked ? [1024, 8] : [undefined]) {
        const feeds = temperature === 0 ? x : { ...x, ...oneKey };
        const { indices } = await run(ort, model({ ...options, integers, candidates }), feeds);
        expect(indices).toEqual({
          data: drawn({ ...(options as CategoricalOptions), key: key(7) }),
          shape: [ROWS],
        });
      }
    }
  });

  const words = Math.ceil(CATEGORIES / 32);
  // Row 2 allows nothing; the last word is a partial one.
  const masks = Int32Array.from({ length: ROWS * words }, (_, i) =>
    Math.floor(i / words) === 2 ? 0 : Math.imul(i + 1, 0x9e3779b1),
  );
  const flags = (mask: Int32Array) =>
    Array.from({ length: (mask.length / words) * CATEGORIES }, (_, i) => {
      const [row, v] = [Math.floor(i / CATEGORIES), i % CATEGORIES];
      return (mask[row * words + (v >>> 5)] >>> (v & 31)) & 1;
    });

  it.each(some([{}, { topK: 5 }, { minP: 0.1 }, { topP: 0.8, temperature: 0.7 }]))(
    "draws only what an input mask allows, as bools or packed, for each row and for all, %o",
    async (options) => {
      for (const mask of [masks, masks.slice(0, words)]) {
        const rows = mask.length / words;
        const given = { ...options, mask, key: key(7) };
        const expected = categorical(logits, given);
        const logProbs = logProb(logits, expected, { ...options, mask }).data;
        const forms: readonly ["bool" | "packed", Feeds[string]][] = [
          ["bool", ["bool", flags(mask), [rows, CATEGORIES]]],
          ["packed", ["int32", Array.from(mask), [rows, words]]],
        ];
        for (const [form, fed] of forms) {
          const appended = model({ ...options, mask: form, logProb: true });
          assertValidModel(appended);
          const { indices, log_prob } = await run(ort, appended, { ...x, ...oneKey, mask: fed });
          expect(indices.data).toEqual(Array.from(expected.data));
          for (const [row, value] of log_prob.data.entries()) {
            if (Number.isNaN(logProbs[row])) expect(value).toBeNaN();
            else expect(value).toBeCloseTo(logProbs[row], 4);
          }
        }
      }
    },
  );

  it("a mask is of the position that is drawn at, and along any axis as bools", async () => {
    const deep: Feeds = {
      x: ["float32", [...Array(CATEGORIES).fill(9), ...logits.data.slice(0, CATEGORIES)], [1, 2, CATEGORIES]],
    };
    const fed: Feeds = { mask: ["int32", Array.from(masks.slice(0, words)), [1, words]] };
    const last = await run(ort, model({ mask: "packed", position: "last" }, 3), {
      ...deep,
      ...oneKey,
      ...fed,
    });
    const row = { data: logits.data.slice(0, CATEGORIES), shape: [1, CATEGORIES] };
    expect(last.indices.data).toEqual(
      Array.from(categorical(row, { key: key(7), mask: masks.slice(0, words) }).data),
    );
    const small: Feeds = {
      x: ["float32", [5, 1, 4, 2, 0, 3], [3, 2]],
      mask: ["bool", [0, 1, 1, 0, 1, 1], [3, 2]],
    };
    const first = await run(ort, model({ mask: "bool", axis: 0 }), { ...small, ...oneKey });
    const masked = { data: [-Infinity, 1, 4, -Infinity, 0, 3], shape: [3, 2] };
    expect(first.indices.data).toEqual(Array.from(categorical(masked, { key: key(7), axis: 0 }).data));
    expect(() => model({ mask: "packed", axis: 0 })).toThrow(
      /^axis must be the last with mask "packed", got 0/,
    );
    expect(() => model({ mask: "bits" as never })).toThrow(/^mask must be "bool" or "packed", got "bits"/);
  });

  const PARAMETERS: readonly (readonly Parameter[])[] = [
    ["temperature"],
    ["topK"],
    ["topP"],
    ["minP"],
    ["topK", "topP"],
    ["temperature", "topP"],
    ["temperature", "topP", "minP"],
    ["temperature", "topK", "topP", "minP"],
  ];
  it.each(some(PARAMETERS).map((parameters) => [parameters.join(", "), parameters] as const))(
    "takes %s at run time, for all rows or for each",
    async (_, parameters) => {
      const perRow = Object.fromEntries(parameters.map((parameter) => [parameter, FED[parameter].values]));
      const byRow = parameters.map((parameter) => {
        const { name, type, values } = FED[parameter];
        return [name, [type, values, [ROWS]]] as const;
      });
      const asked = Object.fromEntries(parameters.map((parameter) => [parameter, "per-row"]));
      const isRanked = parameters.includes("topP") && !parameters.includes("topK");
      for (const candidates of isRanked ? [1024, 8] : [undefined]) {
        const options = { ...asked, candidates, key: "per-row" } as const;
        const { indices } = await run(ort, model(options), {
          ...x,
          ...rowKeys,
          ...Object.fromEntries(byRow),
        });
        expect(indices.data).toEqual(drawn({ ...perRow, key: keys }));
      }
      const inputs = Object.fromEntries(parameters.map((parameter) => [parameter, "input"]));
      const whole = model(inputs);
      for (const row of [0, 2, 3]) {
        const scalars = parameters.map((parameter) => {
          const { name, type, values } = FED[parameter];
          return [name, [type, [values[row]], []]] as const;
        });
        const { indices } = await run(ort, whole, { ...x, ...oneKey, ...Object.fromEntries(scalars) });
        const all = Object.fromEntries(
          parameters.map((parameter) => [parameter, FED[parameter].values[row]]),
        );
        expect(indices.data).toEqual(drawn({ ...all, key: key(7) }));
      }
    },
  );

  it("a row draws as if it were alone under a key of its own, whatever is drawn", async () => {
    for (const integers of some(["uint64", "uint32"] as const)) {
      for (const precision of ["full", "jax"] as const) {
        const { indices } = await run(ort, model({ key: "per-row", integers, precision }), {
          ...x,
          ...rowKeys,
        });
        expect(indices.data).toEqual(drawn({ key: keys, precision }));
      }
    }
  });

  it("gives the log-probability of each index, under the same temperature and filters", async () => {
    for (const options of [{}, ...(isWhole ? CONSTANT : FEW)].filter(
      ({ temperature }) => temperature !== 0,
    )) {
      const feeds = { ...x, ...oneKey };
      const { indices, log_prob } = await run(ort, model({ ...options, logProb: true }), feeds);
      const expected = logProb(
        logits,
        { data: Int32Array.from(indices.data), shape: [ROWS] },
        options as CategoricalOptions,
      );
      expect(log_prob.shape).toEqual([ROWS]);
      log_prob.data.forEach((value, i) => {
        expect(value).toBeCloseTo(expected.data[i], 4);
      });
    }
  });
});

it.each<Partial<AppendSamplerOptions>>([
  {},
  { temperature: 0 },
  { noise: "bits" },
  { noise: "input", topK: 3 },
  { integers: "uint64", topP: 0.9 },
  { soft: true, softTemperature: "input", minP: "input" },
  {
    temperature: "per-row",
    topK: "per-row",
    topP: "per-row",
    minP: "per-row",
    key: "per-row",
    logProb: true,
  },
  { topK: "input", topP: "input", soft: true, indexType: "int32" },
])("a model with a sampler is valid to ONNX's checker, with %o", (options) => {
  const isOwn = (name: string) => name.startsWith("gumbel/");
  assertValidModel(model(options), isOwn);
  for (const position of ["last", "input"] as const)
    assertValidModel(model({ ...options, position }, 3), isOwn);
});

describe("a position of a sequence", () => {
  const sequence = [2, 3, CATEGORIES];
  const feed: Feeds = { x: ["float32", Array.from(logits.data), sequence] };
  const at = (positions: readonly number[]): NdArray<Float32Array> => ({
    data: Float32Array.from(
      positions.flatMap((position, row) => {
        const start = (3 * row + position) * CATEGORIES;
        return Array.from(logits.data.subarray(start, start + CATEGORIES));
      }),
    ),
    shape: [2, CATEGORIES],
  });

  it.each([{}, { topK: 9 }, { topP: 0.8, temperature: 0.7 }, { minP: 0.1 }])(
    "the last, or one that is fed, is drawn at as if its logits were alone, with %o",
    async (options) => {
      const expected = (positions: readonly number[]) => ({
        data: Array.from(categorical(at(positions), { ...options, key: key(7) }).data),
        shape: [2],
      });
      const last = model({ ...options, position: "last" }, 3);
      expect((await run(RUNTIMES[0][1], last, { ...feed, ...oneKey })).indices).toEqual(expected([2, 2]));
      const asked = model({ ...options, position: "input" }, 3);
      for (const [fed, positions] of [
        [
          [0, 1],
          [0, 1],
        ],
        [
          [2, 0],
          [2, 0],
        ],
        [
          [-1, -3],
          [2, 0],
        ],
      ]) {
        const feeds: Feeds = { ...feed, ...oneKey, position: ["int64", fed, [2]] };
        for (const [, ort] of RUNTIMES)
          expect((await run(ort, asked, feeds)).indices).toEqual(expected(positions));
      }
    },
  );

  it("that a row does not have is index -1", async () => {
    const asked = model({ position: "input", logProb: true }, 3);
    const feeds: Feeds = { ...feed, ...oneKey, position: ["int64", [3, 1], [2]] };
    const { indices, log_prob } = await run(RUNTIMES[0][1], asked, feeds);
    expect(indices.data).toEqual([-1, categorical(at([0, 1]), { key: key(7) }).data[1]]);
    expect(log_prob.data[0]).toBeNaN();
    const below: Feeds = { ...feed, ...oneKey, position: ["int64", [0, -4], [2]] };
    expect((await run(RUNTIMES[0][1], asked, below)).indices.data[1]).toBe(-1);
    const mode = model({ position: "input", temperature: 0 }, 3);
    const { position } = feeds;
    expect((await run(RUNTIMES[0][1], mode, { ...feed, position })).indices.data[0]).toBe(-1);
  });
});

describe("what is fed out of range", () => {
  const feedAll = { temperature: "per-row", topK: "per-row", topP: "per-row", minP: "per-row" } as const;
  const valuesOf = (changes: Partial<Record<Parameter, readonly number[]>>): Feeds =>
    Object.fromEntries(
      (Object.keys(FED) as Parameter[]).map((parameter) => {
        const { name, type, values } = FED[parameter];
        return [name, [type, changes[parameter] ?? values, [ROWS]] as const];
      }),
    );
  const indicesOf = async (changes: Partial<Record<Parameter, readonly number[]>>) => {
    const { indices } = await run(RUNTIMES[0][1], model(feedAll), { ...x, ...oneKey, ...valuesOf(changes) });
    return indices.data;
  };

  it("counts as the nearest value in it", async () => {
    const got = await indicesOf({
      temperature: [-1, 1, 1, 2 ** 50, 1, 1],
      topK: [-5, 0, 1e9, 5, 5, 5],
      topP: [2, -1, 1, 0.7, Number.POSITIVE_INFINITY, 0.99],
      minP: [-3, 0, 7, 1, Number.NEGATIVE_INFINITY, 0.2],
    });
    const clamped = {
      temperature: [0, 1, 1, 2 ** 40, 1, 1],
      topK: [0, 0, CATEGORIES, 5, 5, 5],
      topP: [1, 0, 1, 0.7, 1, 0.99],
      minP: [0, 0, 1, 1, 0, 0.2],
    };
    expect(got).toEqual(drawn({ ...clamped, key: key(7) }));
  });

  it("is -1 in the rows of a NaN, and nowhere else", async () => {
    const usual = await indicesOf({});
    for (const parameter of ["temperature", "topP", "minP"] as const) {
      const values = FED[parameter].values.map((value, row) => (row === 1 || row === 4 ? Number.NaN : value));
      const expected = usual.map((index, row) => (row === 1 || row === 4 ? -1 : index));
      expect(await indicesOf({ [parameter]: values })).toEqual(expected);
    }
  });
});

it("a row's token is the same whatever rows are beside it, to the last bit of its cut-off", async () => {
  const all = await run(RUNTIMES[0][1], model({ topP: 0.9, key: "per-row", candidates: 8 }), {
    ...x,
    ...rowKeys,
  });
  for (let row = 0; row < ROWS; row++) {
    const data = Array.from(logits.data.subarray(row * CATEGORIES, (row + 1) * CATEGORIES));
    for (const candidates of [8, 1024]) {
      const feeds: Feeds = { x: ["float32", data, [1, CATEGORIES]], key: ["uint32", keys[row], [1, 2]] };
      const { indices } = await run(RUNTIMES[0][1], model({ topP: 0.9, key: "per-row", candidates }), feeds);
      expect(indices.data).toEqual([all.indices.data[row]]);
    }
  }
});

describe("rows that are degenerate, and tensors that are empty,", () => {
  const FILTERS: readonly Partial<AppendSamplerOptions>[] = [
    { topK: 2 },
    { topP: 0.9 },
    { topP: 0.9, candidates: 2 },
    { minP: 0.1 },
    { topK: "input", topP: "per-row", key: "per-row" },
    { position: "last", topP: 0.5, logProb: true, soft: true },
    { position: "input", minP: 0.5 },
  ];
  const feedsOf = (options: Partial<AppendSamplerOptions>, rows: readonly number[]): Feeds => {
    const count = rows.reduce((size, dimension) => size * dimension, 1);
    const all = <T>(value: T) => Array<T>(count).fill(value);
    return {
      key:
        options.key === "per-row"
          ? ["uint32", all(0).flatMap(() => [...key(1)]), [...rows, 2]]
          : ["uint32", key(1), [2]],
      ...(options.topK === "input" && { top_k: ["int64", [2], []] as const }),
      ...(options.topP === "per-row" && { top_p: ["float32", all(0.9), rows] as const }),
      ...(options.position === "input" && { position: ["int64", all(0), rows] as const }),
    };
  };

  it.each(FILTERS)("do no harm with %o", async (options) => {
    const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: none } = Number;
    const data = [1, nan, 2, 0, none, none, none, none, 0.5, none, 2, none, 1, 2, inf, 3];
    const isPositioned = options.position !== undefined;
    const dims = isPositioned ? [4, 1, 4] : [4, 4];
    const feeds: Feeds = { x: ["float32", data, dims], ...feedsOf(options, [4]) };
    for (const [, ort] of RUNTIMES) {
      const { indices, log_prob } = await run(ort, model(options, dims.length), feeds);
      expect(indices.data.map((index) => index === -1)).toEqual([true, true, false, true]);
      if (log_prob !== undefined) expect(log_prob.data.map(Number.isNaN)).toEqual([true, true, false, true]);
      for (const empty of isPositioned
        ? [
            [0, 1, 4],
            [2, 0, 4],
            [2, 1, 0],
          ]
        : [
            [0, 4],
            [3, 0],
          ]) {
        const rows = isPositioned ? empty.slice(0, -2) : empty.slice(0, -1);
        const result = await run(ort, model(options, dims.length), {
          x: ["float32", [], empty],
          ...feedsOf(options, rows),
        });
        expect(result.indices).toEqual({ data: Array(rows[0]).fill(-1), shape: rows });
      }
    }
  });
});
