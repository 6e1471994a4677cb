// Filters of categorical and logProb: what each keeps by hand, ties, ends, masks' last words, rows of any length.
import type { FilterName } from "../../filters.ts";
import type { NdArray } from "../../nd-array.ts";
import { key } from "../../random/key.ts";
import { keptOf, NO_FILTERS } from "../../reference/filter-row.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { draw, EACH_FILTER, type FilterOptions, filterCase, has, rowOf } from "../filter-calls.ts";
import { constantLogits, fixedLogits, logitsOfRows } from "../fixed-logits.ts";
import { checkFrequencies } from "../statistics.ts";

/** Checks that draws stay within some categories and reach all of them. */
async function expectDrawn(
  { subject }: CaseContext,
  clause: string,
  logits: NdArray,
  options: FilterOptions,
  expected: readonly number[],
): Promise<void> {
  const call = draw(logits, { sampleShape: [DRAWS], ...options });
  const [{ data }] = await checkCall(subject, call);
  const seen = [...new Set(data as ArrayLike<number> as number[])].sort((a, b) => a - b);
  if (String(seen) === String(expected)) return;
  const note = `draws are of categories [${seen}], and must be of [${expected}]`;
  throw new ConformanceFailure(clause, { note, call });
}

/** Enough for a category of probability 0.05 to come up but for a chance of 1e-9; keys are fixed. */
const DRAWS = 500;

/** The logarithms of probabilities that no cut-off below is near to. */
const PROBABILITIES = [0.1, 0.4, 0.05, 0.2, 0.25];
const LOGITS = logitsOfRows([PROBABILITIES.map((p) => Math.log(p))]);
const WITH_MASKS = logitsOfRows([
  [...PROBABILITIES.map((p) => Math.log(p)), ...Array(4).fill(Number.NEGATIVE_INFINITY)],
]);
const EQUAL = constantLogits([1, 10], 1.5);

/** What each filter alone keeps, by hand. */
const KEPT: readonly {
  readonly name: FilterName;
  readonly clause: string;
  readonly logits: NdArray;
  readonly options: FilterOptions;
  readonly kept: readonly number[];
}[] = [
  { name: "topK", clause: "DEC-3", logits: LOGITS, options: { topK: 1 }, kept: [1] },
  { name: "topK", clause: "DEC-3", logits: LOGITS, options: { topK: 3 }, kept: [1, 3, 4] },
  { name: "topK", clause: "DEC-3", logits: LOGITS, options: { topK: 0 }, kept: [0, 1, 2, 3, 4] },
  { name: "topK", clause: "DEC-3", logits: LOGITS, options: { topK: 5 }, kept: [0, 1, 2, 3, 4] },
  { name: "topK", clause: "DEC-3", logits: LOGITS, options: { topK: 1000 }, kept: [0, 1, 2, 3, 4] },
  // The lower index first: exactly so many.
  { name: "topK", clause: "DEC-3", logits: EQUAL, options: { topK: 3 }, kept: [0, 1, 2] },
  { name: "topK", clause: "DEC-3", logits: EQUAL, options: { topK: 1 }, kept: [0] },
  { name: "topP", clause: "DEC-4", logits: LOGITS, options: { topP: 0.3 }, kept: [1] },
  // The category that crosses the mass stays.
  { name: "topP", clause: "DEC-4", logits: LOGITS, options: { topP: 0.5 }, kept: [1, 4] },
  { name: "topP", clause: "DEC-4", logits: LOGITS, options: { topP: 0.9 }, kept: [0, 1, 3, 4] },
  { name: "topP", clause: "DEC-4", logits: LOGITS, options: { topP: 1 }, kept: [0, 1, 2, 3, 4] },
  { name: "topP", clause: "DEC-4", logits: LOGITS, options: { topP: 0 }, kept: [1] },
  { name: "topP", clause: "DEC-4", logits: LOGITS, options: { topP: 1e-9 }, kept: [1] },
  { name: "topP", clause: "DEC-4", logits: EQUAL, options: { topP: 0.35 }, kept: [0, 1, 2, 3] },
  { name: "topP", clause: "DEC-4", logits: EQUAL, options: { topP: 0 }, kept: [0] },
  { name: "minP", clause: "DEC-5", logits: LOGITS, options: { minP: 0.3 }, kept: [1, 3, 4] },
  { name: "minP", clause: "DEC-5", logits: LOGITS, options: { minP: 1 }, kept: [1] },
  {
    name: "minP",
    clause: "DEC-5",
    logits: EQUAL,
    options: { minP: 1 },
    kept: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  },
  // Entropy 1.415: informations 2.303, 0.916, 2.996, 1.609, 1.386.
  { name: "typicalP", clause: "DEC-6", logits: LOGITS, options: { typicalP: 0.2 }, kept: [4] },
  { name: "typicalP", clause: "DEC-6", logits: LOGITS, options: { typicalP: 0.4 }, kept: [3, 4] },
  { name: "typicalP", clause: "DEC-6", logits: LOGITS, options: { typicalP: 0.7 }, kept: [1, 3, 4] },
  { name: "typicalP", clause: "DEC-6", logits: EQUAL, options: { typicalP: 0.15 }, kept: [0, 1] },
  {
    name: "epsilonCutoff",
    clause: "DEC-5",
    logits: LOGITS,
    options: { epsilonCutoff: 0.15 },
    kept: [1, 3, 4],
  },
  { name: "epsilonCutoff", clause: "DEC-5", logits: LOGITS, options: { epsilonCutoff: 1 }, kept: [1] },
  // √η·e^−H = 0.108 for η = 0.2.
  { name: "etaCutoff", clause: "DEC-5", logits: LOGITS, options: { etaCutoff: 0.2 }, kept: [1, 3, 4] },
  { name: "etaCutoff", clause: "DEC-5", logits: LOGITS, options: { etaCutoff: 0.02 }, kept: [0, 1, 2, 3, 4] },
  // σ = 0.732 of logits up to 2.08 below the largest.
  { name: "topNSigma", clause: "DEC-5", logits: LOGITS, options: { topNSigma: 1 }, kept: [1, 3, 4] },
  { name: "topNSigma", clause: "DEC-5", logits: LOGITS, options: { topNSigma: 0.5 }, kept: [1] },
  { name: "topNSigma", clause: "DEC-5", logits: WITH_MASKS, options: { topNSigma: 1 }, kept: [1, 3, 4] },
];

/** What typicalP leaves has another largest probability, and another entropy. */
const AFTER_TYPICAL: readonly { readonly options: FilterOptions; readonly kept: readonly number[] }[] = [
  // Of 0.25 and 0.2: 0.56 and 0.44.
  { options: { typicalP: 0.4, epsilonCutoff: 0.5 }, kept: [4] },
  { options: { typicalP: 0.4, epsilonCutoff: 0.4 }, kept: [3, 4] },
  // √η·e^−0.687 = 0.492 for η = 0.96.
  { options: { typicalP: 0.4, etaCutoff: 0.96 }, kept: [4] },
  { options: { typicalP: 0.4, etaCutoff: 0.7 }, kept: [3, 4] },
];

/** Filters together: each sees what the one before left, renormalised. */
const TOGETHER: readonly { readonly options: FilterOptions; readonly kept: readonly number[] }[] = [
  // Of 0.4, 0.25, 0.2 the first two hold 0.76.
  { options: { topK: 3, topP: 0.7 }, kept: [1, 4] },
  { options: { topK: 3, topP: 0.8 }, kept: [1, 3, 4] },
  { options: { topK: 2, topP: 0.5 }, kept: [1] },
  { options: { topK: 4, minP: 0.55 }, kept: [1, 4] },
  // At temperature 10 all are nearly alike: the temperature comes before the mass.
  { options: { topP: 0.75, temperature: 10 }, kept: [0, 1, 3, 4] },
  { options: { topP: 0.5, temperature: 10, order: "temperature-last" }, kept: [1, 4] },
  { options: { minP: 0.3, temperature: 10 }, kept: [0, 1, 2, 3, 4] },
  { options: { minP: 0.3, temperature: 10, order: "temperature-last" }, kept: [1, 3, 4] },
];

const LENGTHS = {
  quick: [1, 2, 31, 32, 33, 64, 257, 1025],
  full: [1, 2, 3, 16, 31, 32, 33, 63, 64, 65, 255, 256, 257, 1000, 1025, 4097, 5001, 32_000, 65_537, 151_936],
};

/** Filters that keep most of 2,500 categories of logits in [−¼, ¼]. */
const KEEPING_THOUSANDS: readonly FilterOptions[] = [
  { topK: 2400 },
  { topP: 0.95 },
  { minP: 0.62 },
  { typicalP: 0.95 },
];

/** Rows that filters find hard: every kind, of a length. */
function hardRows(length: number): NdArray[] {
  const spread = fixedLogits([1, length], 211, 6);
  const of = (value: (logit: number, j: number) => number): NdArray => ({
    data: Float32Array.from(spread.data, value),
    shape: [1, length],
  });
  return [
    spread,
    of(() => 1.5),
    of((_, j) => (j % 3 === 0 ? 2 : -1)),
    of((_, j) =>
      (97 * j) % length === 1 % length || j % 50 === 49 ? spread.data[j] : Number.NEGATIVE_INFINITY,
    ),
    of((_, j) => -20 * Math.log1p((j * 7919) % length)),
    of((_, j) => j / 16),
    // bfloat16: many equal ones.
    of((logit) => Math.round(logit * 8) / 8),
    of((logit) => 1e6 + Math.round(logit)),
    of((logit) => -1e9 + 64 * Math.round(logit)),
    of((_, j) => (j % 2 === 0 ? 0 : -0)),
    of((logit, j) => (j % 4 === 0 ? 3.4e38 : j % 4 === 1 ? -3.4e38 : logit)),
  ];
}

const names = [...new Set(KEPT.map(({ name }) => name))];

export const filterCases: readonly ConformanceCase[] = [
  ...names.map((name) => {
    const kept = KEPT.filter((each) => each.name === name);
    const clauses = [...new Set(kept.map(({ clause }) => clause)), "DEC-2"];
    const title = `${name} keeps what its definition says, with ties, at its ends, and where it is off`;
    return filterCase(`kept-${name}`, title, clauses, { filters: [name] }, async (context) => {
      for (const { clause, logits, options, kept: expected } of kept) {
        await expectDrawn(context, clause, logits, options, expected);
      }
    });
  }),
  filterCase(
    "together",
    "each filter sees what the one before left, renormalised, before or after the temperature",
    ["DEC-1"],
    { filters: ["topK", "topP", "minP"] },
    async (context) => {
      for (const { options, kept } of TOGETHER) await expectDrawn(context, "DEC-1", LOGITS, options, kept);
    },
  ),
  ...(["epsilonCutoff", "etaCutoff"] as const).map((name) =>
    filterCase(
      `after-typical-${name}`,
      `${name} sees what typicalP left, renormalised, and not the row's most likely category`,
      ["DEC-1"],
      { filters: ["typicalP", name] },
      async (context) => {
        for (const { options, kept } of AFTER_TYPICAL.filter(({ options }) => name in options)) {
          await expectDrawn(context, "DEC-1", LOGITS, options, kept);
        }
      },
    ),
  ),
  filterCase(
    "hard-rows",
    "filters of rows of any length are the reference's: equal and two values, masks, steps, large and close logits",
    ["DEC-1", "DEC-2", "DEC-3", "DEC-4", "DEC-5", "DEC-6", "DEC-10"],
    {},
    async (context) => {
      const { quick, subject } = context;
      for (const length of quick ? LENGTHS.quick : LENGTHS.full) {
        // The reference sorts rows, which takes half a second for a long one.
        const isLong = length > 10_000;
        const filters = EACH_FILTER.filter((each) => has(context, each));
        for (const [i, logits] of hardRows(length).entries()) {
          for (const [f, options] of filters.entries()) {
            if (isLong && (i + f) % filters.length !== 0) continue;
            await checkCall(
              subject,
              draw(logits, { ...options, key: key(220 + i), sampleShape: isLong ? [] : [2] }),
            );
          }
        }
      }
    },
  ),
  filterCase(
    "thousands-kept",
    "a filter keeps as many thousands of categories as its definition says: lists of candidates have no bound",
    ["DEC-3", "DEC-4", "DEC-5", "DEC-6", "DEC-12"],
    {},
    async (context) => {
      const { subject, backend } = context;
      const logits = fixedLogits([1, 2500], 232, 0.25);
      for (const options of KEEPING_THOUSANDS.filter((each) => has(context, each))) {
        const call = draw(logits, { ...options, sampleShape: [2] });
        const [{ data }] = await checkCall(subject, call);
        if (!backend.sampler.capabilities.operations.includes("logProb")) continue;
        const indices = { data: Int32Array.of(data[1]), shape: [1] };
        await checkCall(subject, { operation: "logProb", logits, indices, options });
      }
    },
  ),
  filterCase(
    "far-categories",
    "filters draw categories whose numbers have more than 16 bits",
    ["LOGITS-7"],
    {},
    async (context) => {
      // Masked but for a few: the reference sorts what is left.
      const n = 70_001;
      const spread = fixedLogits([1, n], 233);
      const data = spread.data.map((logit, j) =>
        j > 2 ** 16 && j % 100 === 0 ? logit : Number.NEGATIVE_INFINITY,
      );
      for (const options of [{ topK: 20 }, { topP: 0.9 }].filter((each) => has(context, each))) {
        await checkCall(context.subject, draw({ data, shape: [1, n] }, options));
      }
    },
  ),
  filterCase(
    "same-noise",
    "a sample that passes a filter is the sample without it",
    ["DEC-2"],
    { filters: ["topK"] },
    async ({ subject }) => {
      const logits = fixedLogits([40, 60], 231);
      const plain = draw(logits, {});
      const [{ data }] = await checkCall(subject, plain);
      for (const topK of [60, 30, 5]) {
        const call = draw(logits, { topK });
        const [filtered] = await checkCall(subject, call);
        for (let row = 0; row < 40; row++) {
          const kept = keptOf(Float64Array.from(rowOf(logits, row).data as ArrayLike<number>), {
            ...NO_FILTERS,
            topK,
          });
          if (!kept.includes(data[row]) || filtered.data[row] === data[row]) continue;
          const details = { call, index: row, got: filtered.data[row], expected: data[row] };
          throw new ConformanceFailure("DEC-2", {
            ...details,
            note: "the noise of a category changed with a filter",
          });
        }
      }
    },
  ),
  filterCase(
    "mask",
    "a mask allows its bits, to the last partial word, for all rows or each, and hides NaN and +∞",
    ["DEC-7", "LOGITS-3", "DEC-8"],
    { filters: ["mask"] },
    async (context) => {
      const { subject, backend } = context;
      for (const length of [1, 5, 31, 32, 33, 64, 70, 1000]) {
        const words = Math.ceil(length / 32);
        const logits = fixedLogits([3, length], 241);
        const last = new Int32Array(words);
        last[words - 1] = 1 << ((length - 1) & 31);
        const odd = new Uint32Array(words).fill(0xaaaaaaaa);
        odd[0] |= 1;
        const none = new Int32Array(words);
        // Bits beyond the row mean nothing.
        const beyond = new Int32Array(words);
        if (length % 32 !== 0) beyond[words - 1] = -1 << (length & 31);
        const each = [last, odd, none].flatMap((mask) => Array.from(mask, (word) => word | 0));
        const masks = [
          last,
          odd,
          none,
          beyond,
          ...(backend.sampler.capabilities.perRow ? [Int32Array.from(each)] : []),
        ];
        for (const mask of masks) await checkCall(subject, draw(logits, { mask }));
        const data = Float32Array.from(logits.data as ArrayLike<number>);
        data[0] = Number.NaN;
        data[length] = Number.POSITIVE_INFINITY;
        const hides = new Int32Array(words).fill(-1);
        hides[0] = -2;
        await checkCall(subject, draw({ data, shape: [3, length] }, { mask: hides }));
      }
    },
  ),
  filterCase(
    "degenerate",
    "what is masked wholly, or holds NaN or +∞, has index −1 with every filter; one category that is left is drawn",
    ["LOGITS-3", "DEC-1", "DEC-11"],
    {},
    async (context) => {
      const masked = Number.NEGATIVE_INFINITY;
      const logits = logitsOfRows([
        [masked, masked, masked, masked],
        [masked, 3, masked, masked],
        [1, Number.NaN, 2, 0],
        [Number.POSITIVE_INFINITY, 1, 2, 0],
        [0, 0, 0, masked],
      ]);
      for (const options of EACH_FILTER.filter((each) => has(context, each))) {
        for (const temperature of [1, 0.25, 0]) {
          await checkCall(context.subject, draw(logits, { ...options, temperature, sampleShape: [3] }));
        }
      }
    },
  ),
  {
    id: "filters/distribution",
    kind: "statistical",
    title: "filtered draws follow the renormalised distribution of what is kept",
    clauses: ["DEC-2", "DEC-1"],
    needs: { operations: ["categorical"], filters: ["topK", "topP"] },
    async run({ subject, quick }) {
      const call = draw(LOGITS, {
        topK: 4,
        topP: 0.8,
        sampleShape: [quick ? 2 ** 12 : 2 ** 16],
        key: key(281),
      });
      const [{ data }] = await runOrFail(subject, call);
      const counts = Array(5).fill(0);
      for (let i = 0; i < data.length; i++) counts[data[i]]++;
      // Of 0.4, 0.25, 0.2, 0.1 the mass before the third is 0.68, before the fourth 0.89.
      checkFrequencies(
        "DEC-2",
        "filtered draws",
        counts,
        [0, 0.4, 0, 0.2, 0.25].map((p) => p / 0.85),
      );
    },
  },
  {
    id: "filters/log-prob",
    kind: "exact",
    title: "logProb with filters is that of what is kept: its exponentials sum to 1, and the others are −∞",
    clauses: ["DEC-12", "DEC-1", "DEC-3", "DEC-4", "DEC-5", "DEC-6"],
    needs: { operations: ["logProb"] },
    async run(context) {
      const n = 40;
      const row = fixedLogits([1, n], 291, 4).data as Float32Array;
      const logits = { data: Float32Array.from({ length: n * n }, (_, i) => row[i % n]), shape: [n, n] };
      const indices = { data: Int32Array.from({ length: n }, (_, i) => i), shape: [n] };
      for (const options of EACH_FILTER.filter((each) => has(context, each))) {
        for (const temperature of [1, 0.3]) {
          const call = {
            operation: "logProb",
            logits,
            indices,
            options: { ...options, temperature },
          } as const;
          const [{ data }] = await checkCall(context.subject, call);
          const sum = Array.from(data as ArrayLike<number>).reduce(
            (total, value) => total + Math.exp(value),
            0,
          );
          if (Math.abs(sum - 1) < 2 ** -12) continue;
          throw new ConformanceFailure("DEC-12", {
            note: `probabilities of what is kept sum to ${sum}`,
            call,
          });
        }
      }
    },
  },
  {
    id: "filters/log-prob-hard-rows",
    kind: "exact",
    title:
      "of rows to the ends of float32, with ties and masks, every category has the log-probability that its filters leave it",
    clauses: ["DEC-12", "DEC-1", "DEC-3", "DEC-4", "DEC-5", "DEC-6", "LOGITS-6"],
    needs: { operations: ["logProb"] },
    async run(context) {
      const n = 21;
      // Differences from 1e19 on, whose squares leave float32.
      const large = fixedLogits([1, n], 292, 1e19);
      const indices = { data: Int32Array.from({ length: n }, (_, i) => i), shape: [n] };
      for (const { data } of [...hardRows(n), large]) {
        const logits = { data: Float32Array.from({ length: n * n }, (_, i) => data[i % n]), shape: [n, n] };
        for (const options of EACH_FILTER.filter((each) => has(context, each))) {
          await checkCall(context.subject, { operation: "logProb", logits, indices, options });
        }
      }
    },
  },
];
