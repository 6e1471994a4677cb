// Every option in every regime of sizes: kernels for long rows, many rows and inner axes are other ones than those for
// small tensors, and each must know every option.
import type { FilterName } from "../../filters.ts";
import { operations } from "../../operation-table.ts";
import { key } from "../../random/key.ts";
import type { Capabilities } from "../../sampler.ts";
import { hasOption } from "../call.ts";
import { type AnyOptions, callOn, ON_LOGITS, type OnLogits } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall } from "../checks/check.ts";
import { fixedLogits } from "../fixed-logits.ts";

interface Regime {
  readonly shape: readonly number[];
  readonly axis: number;
}

/** A long row, many rows, a long inner dimension, a column, and both sides. */
const REGIMES: readonly Regime[] = [
  { shape: [2, 5001], axis: -1 },
  { shape: [2113, 3], axis: 1 },
  { shape: [3, 2113], axis: 0 },
  { shape: [5001, 2], axis: -2 },
  { shape: [40, 3, 50], axis: 1 },
  { shape: [1, 70_001], axis: -1 },
];

/** How many regimes a quick run has. */
const QUICK_REGIMES = 3;

/** Lengths of rows: between the powers of two, and the vocabularies of language models. */
const LENGTHS = {
  quick: [15, 16, 17, 31, 33, 127, 511, 2050, 4097],
  full: [
    7, 9, 11, 15, 16, 17, 31, 32, 33, 47, 63, 100, 127, 129, 255, 300, 511, 513, 1000, 2050, 3001, 4095, 4096,
    4097, 5001, 8191, 8193, 10_007, 16_385, 28_996, 30_522, 32_000, 32_769, 50_257, 65_535, 65_536, 65_537,
    100_277, 128_256,
  ],
};

/** Shapes whose digits run together in a cache's name. */
const ALIKE = [[1, 11], [11, 1], [1, 1, 1], [111], [1, 1, 11], [12, 3], [1, 23]];

/** One option of each sort that an operation may have, as far as the backend has it. */
function optionsOf(
  operation: OnLogits,
  { precisions, sharding, logarithms, filters = [], estimators = [] }: Capabilities,
  columns: number,
): AnyOptions[] {
  const all: AnyOptions[] = [
    { temperature: 0.3 },
    { temperature: 40 },
    { hard: true },
    ...(logarithms ? [{ log: true, temperature: 0.3 }] : []),
    ...precisions.map((precision) => ({ precision })),
    ...(sharding ? [{ offset: 2 ** 32 - 7 }, { rowStride: columns + 5 }] : []),
    { sampleShape: [2] },
    { sampleShape: [1, 3], temperature: 2 },
    ...[{ topK: 5 }, { topP: 0.7 }, { minP: 0.5 }, { topK: 40, topP: 0.9, minP: 0.1 }].filter((options) =>
      Object.keys(options).every((name) => filters.includes(name as FilterName)),
    ),
    // Of gradients alone: a sample is the same with all of them.
    ...("cotangent" in operations[operation].inputs ? estimators : []).map((estimator) => ({
      hard: true,
      temperature: 0.7,
      estimator,
      ...(estimator === "straight-through" ? { backwardTemperature: 0.4 } : {}),
      ...(estimator === "gumbel-rao" ? { draws: 2 } : {}),
    })),
  ];
  return all.filter((options) => Object.keys(options).every((name) => hasOption(operation, name)));
}

export const regimeCases: readonly ConformanceCase[] = ON_LOGITS.flatMap((operation): ConformanceCase[] => [
  {
    id: `regimes/options-${operation}`,
    kind: "robustness",
    title: `${operation} knows every option on long rows, many rows and inner axes too`,
    clauses: ["LOGITS-7", "LOGITS-1", "BITS-4"],
    needs: { operations: [operation] },
    async run({ subject, backend, quick }) {
      const { capabilities } = backend.sampler;
      for (const { shape, axis } of quick ? REGIMES.slice(0, QUICK_REGIMES) : REGIMES) {
        const logits = fixedLogits(shape, 141);
        for (const options of optionsOf(operation, capabilities, shape.at(-1)!)) {
          const call = callOn(operation, logits, { key: key(142), axis, ...options });
          await checkCall(subject, "k" in call ? { ...call, k: Math.min(3, call.k) } : call);
        }
      }
    },
  },
  {
    id: `regimes/lengths-${operation}`,
    kind: "robustness",
    title: `${operation} of rows of any length is the reference's: between powers of two, vocabularies, and one more`,
    clauses: ["LOGITS-7"],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      for (const length of quick ? LENGTHS.quick : LENGTHS.full) {
        const call = callOn(operation, fixedLogits([1, length], length), { key: key(143) });
        await checkCall(subject, "k" in call ? { ...call, k: Math.min(5, length) } : call);
      }
    },
  },
  {
    id: `regimes/alike-${operation}`,
    kind: "exact",
    title: `${operation} tells shapes apart whose digits run together`,
    clauses: ["LOGITS-1"],
    needs: { operations: [operation] },
    async run({ subject }) {
      for (const shape of [...ALIKE, ...[...ALIKE].reverse()]) {
        for (let axis = 0; axis < shape.length; axis++) {
          await checkCall(subject, callOn(operation, fixedLogits(shape, 144), { axis }));
        }
      }
    },
  },
]);
