// Noise given its argmax: the argmax whatever the index, its law over random indices, counterfactuals.
import type { NdArray } from "../../nd-array.ts";
import { type Key, key } from "../../random/key.ts";
import { categorical } from "../../reference/index.ts";
import { argmax } from "../../reference/rows.ts";
import type { CallOf } from "../call.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { constantLogits, fixedLogits, logitsOfRows } from "../fixed-logits.ts";
import { HIGHEST_WORDS, LOWEST_WORDS, RARE_ELEMENTS, TIES_AT_23_BITS } from "../rare-keys.ts";
import { checkDistribution, checkFrequencies } from "../statistics.ts";

type Options = CallOf<"conditionalGumbel">["options"];

function conditional(logits: NdArray, indices: NdArray, options: Options): CallOf<"conditionalGumbel"> {
  return { operation: "conditionalGumbel", logits, indices, options };
}

/** One call with every category of a row as the index, in turn. */
function eachIndex(row: ArrayLike<number>, options: Options): CallOf<"conditionalGumbel"> {
  const categories = Array.from(row, (_, j) => j);
  const logits = logitsOfRows(categories.map(() => Array.from(row)));
  return conditional(logits, { data: Int32Array.from(categories), shape: [categories.length] }, options);
}

const needs = { operations: ["conditionalGumbel"] } as const;

/** Draws of the statistical cases. */
const DRAWS = { quick: 2 ** 13, full: 2 ** 16 };

const WEIGHTS = [0.5, 3, 0.02, 1];

/** Noise of `n` rows, one after the other, given indices that are drawn from each row at another key. */
async function mixed(
  run: (call: CallOf<"conditionalGumbel">) => Promise<readonly NdArray[]>,
  n: number,
  drawn: Key,
): Promise<{ noise: NdArray; indices: NdArray; row: number[] }> {
  const row = WEIGHTS.map((weight) => Math.fround(Math.log(weight)));
  const logits = logitsOfRows(Array.from({ length: n }, () => row));
  const indices = categorical(logits, { key: key(311) });
  const [noise] = await run(conditional(logits, indices, { key: drawn }));
  return { noise, indices, row };
}

export const conditionalCases: readonly ConformanceCase[] = [
  {
    id: "conditional/argmax",
    kind: "exact",
    title: "the argmax of logits and conditional noise is the index, whichever it is, added in float32 too",
    clauses: ["COND-2", "COND-1", "COND-3"],
    needs,
    async run({ subject, backend }) {
      for (const precision of backend.sampler.capabilities.precisions) {
        for (const [seed, logits] of [
          [301, fixedLogits([40], 302)],
          [303, constantLogits([64])],
          [304, fixedLogits([5], 305, 8)],
          ...[...HIGHEST_WORDS, ...LOWEST_WORDS].map(
            ({ seed }) => [seed, fixedLogits([RARE_ELEMENTS], 306, 1)] as const,
          ),
        ] as const) {
          const call = eachIndex(logits.data, { key: key(seed), precision });
          const [noise] = await checkCall(subject, call);
          expectArgmax(call, noise);
        }
      }
    },
  },
  {
    id: "conditional/ties",
    kind: "exact",
    title: "equal logits with equal words are no tie once one of them is given as the argmax",
    clauses: ["COND-2"],
    needs: { ...needs, precisions: ["jax"] },
    async run({ subject }) {
      for (const { seed, indices } of TIES_AT_23_BITS) {
        for (const index of indices) {
          const call = conditional(
            constantLogits([64]),
            { data: Int32Array.of(index), shape: [] },
            { key: key(seed), precision: "jax" },
          );
          const [noise] = await checkCall(subject, call);
          expectArgmax(call, noise);
        }
      }
    },
  },
  {
    id: "conditional/rare-indices",
    kind: "exact",
    title: "an index of any probability is the argmax, and a temperature divides the logits alone",
    clauses: ["COND-1", "COND-2", "COND-3"],
    needs,
    async run({ subject }) {
      for (const gap of [1, 20, 88, 500, 1e5, 1e9, 1e30]) {
        const call = eachIndex([0, -gap, -gap / 2, Number.NEGATIVE_INFINITY, -1].map(Math.fround), {
          key: key(307),
        });
        await checkCall(subject, call);
      }
      for (const temperature of [2 ** -40, 0.01, 0.5, 3, 2 ** 40]) {
        await checkCall(subject, eachIndex(fixedLogits([12], 308).data, { key: key(309), temperature }));
      }
    },
  },
  {
    id: "conditional/samples",
    kind: "exact",
    title: "each sample has an index of its own, and the noise of its own elements",
    clauses: ["COND-1"],
    needs,
    async run({ subject }) {
      const logits = fixedLogits([3, 4], 312);
      for (const [sampleShape, axis] of [
        [[5], -1],
        [[2, 3], 0],
      ] as const) {
        const indices = categorical(logits, { key: key(313), sampleShape, axis });
        await checkCall(subject, conditional(logits, indices, { key: key(314), sampleShape, axis }));
      }
    },
  },
  {
    id: "conditional/impossible-indices",
    kind: "exact",
    title:
      "noise is NaN for the rows alone whose index is −1, masked or of a degenerate row; masks keep their noise",
    clauses: ["COND-4", "LOGITS-2", "LOGITS-3"],
    needs,
    async run({ subject }) {
      const mask = Number.NEGATIVE_INFINITY;
      const logits = logitsOfRows([
        [1, mask, 2],
        [1, mask, 2],
        [0, 1, 2],
        [mask, Number.NaN, 0],
        [mask, 3, mask],
        [mask, mask, mask],
        [0, Number.POSITIVE_INFINITY, 1],
      ]);
      const indices = { data: Int32Array.of(0, 1, -1, 2, 1, 0, 0), shape: [7] };
      await checkCall(subject, conditional(logits, indices, { key: key(310) }));
    },
  },
  {
    id: "conditional/law",
    kind: "statistical",
    title:
      "over indices drawn from softmax, conditional noise is standard Gumbel in every category, independent of its neighbour's; detects distances of 0.025 (quick: 0.073)",
    clauses: ["COND-5"],
    needs,
    async run({ subject, quick }) {
      const n = quick ? DRAWS.quick : DRAWS.full;
      const { noise, row } = await mixed((call) => runOrFail(subject, call), n, key(315));
      for (let j = 0; j < row.length; j++) {
        const values = Float64Array.from({ length: n }, (_, i) => noise.data[i * row.length + j]);
        checkDistribution("COND-5", `noise of category ${j}`, values, (g) => Math.exp(-Math.exp(-g)));
        const counts = new Array(16).fill(0);
        const next = (j + 1) % row.length;
        values.forEach((g, i) => {
          counts[quartileOf(g) * 4 + quartileOf(noise.data[i * row.length + next])]++;
        });
        checkFrequencies(
          "COND-5",
          `quartiles of categories ${j} and ${next}`,
          counts,
          counts.map(() => 1 / 16),
        );
      }
    },
  },
  {
    id: "conditional/counterfactual",
    kind: "statistical",
    title:
      "with other logits, conditional noise picks categories as these say; detects w = 0.04 (quick: 0.1)",
    clauses: ["COND-5"],
    needs,
    async run({ subject, quick }) {
      const n = quick ? DRAWS.quick : DRAWS.full;
      const { noise, row } = await mixed((call) => runOrFail(subject, call), n, key(316));
      const others = [2, 0.5, 1, 0.25];
      const counts = others.map(() => 0);
      for (let i = 0; i < n; i++) {
        const z = Float64Array.from(others, (weight, j) => Math.log(weight) + noise.data[i * row.length + j]);
        counts[argmax(z)]++;
      }
      const total = others.reduce((sum, weight) => sum + weight, 0);
      checkFrequencies(
        "COND-5",
        "counterfactual categories",
        counts,
        others.map((weight) => weight / total),
      );
    },
  },
];

function quartileOf(g: number): number {
  return Math.min(3, Math.floor(4 * Math.exp(-Math.exp(-g))));
}

/** Added as TensorFlow.js, PyTorch and JAX add: in float32. For logits below 8 in size. */
function expectArgmax(call: CallOf<"conditionalGumbel">, noise: NdArray): void {
  const { logits, indices } = call;
  const categories = logits.shape.at(-1)!;
  for (let row = 0; row < indices.data.length; row++) {
    const sums = Float64Array.from({ length: categories }, (_, j) =>
      Math.fround(logits.data[row * categories + j] + noise.data[row * categories + j]),
    );
    const [got, expected] = [argmax(sums), indices.data[row]];
    const rivals = sums.filter((value) => value >= sums[expected]).length;
    if (got === expected && rivals === 1) continue;
    const note = "added in float32, the index is not the only argmax";
    throw new ConformanceFailure("COND-2", { note, call, index: row, got, expected });
  }
}
