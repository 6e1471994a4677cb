// Laws of samples that random calls seldom meet: ties, rare events, fresh noise, temperatures' limits, shifts.
import fc from "fast-check";
import { MAX_TEMPERATURE, MIN_TEMPERATURE } from "../../arguments.ts";
import type { NdArray } from "../../nd-array.ts";
import { operations } from "../../operation-table.ts";
import { key } from "../../random/key.ts";
import { gumbel } from "../../reference/index.ts";
import { anyKey } from "../arbitrary.ts";
import { arrayOf, evenly } from "../arbitrary-logits.ts";
import { type Call, drawsNoise, hasOption } from "../call.ts";
import { type AnyOptions, callOn, ON_LOGITS, type OnLogits, withLogits } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, checkPremise, checkResult, expectedOf, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { constantLogits, fixedLogits, logitsOfRows, winningByOne } from "../fixed-logits.ts";
import { forAll } from "../property.ts";
import {
  HIGHEST_WORDS,
  LAST_STEP_OF_23_BITS,
  LOWEST_WORDS,
  RARE_ELEMENTS,
  TIES_AT_23_BITS,
  ZERO_AT_23_BITS,
} from "../rare-keys.ts";

/** Words at the ends: where noise has become infinite elsewhere, at each precision. */
const ENDS = [...LOWEST_WORDS, ...ZERO_AT_23_BITS, ...HIGHEST_WORDS, ...LAST_STEP_OF_23_BITS];

/** Calls of an operation on logits, soft and hard where it has both. */
function callsOf(operation: OnLogits, logits: NdArray, options: AnyOptions): Call[] {
  const plain = callOn(operation, logits, options);
  return hasOption(operation, "hard") && !isGradient(operation)
    ? [plain, callOn(operation, logits, { ...options, hard: true })]
    : [plain];
}

function isGradient(operation: OnLogits): boolean {
  return "cotangent" in operations[operation].inputs;
}

/** Differences of two logits, in temperatures. */
const GAPS = [0, 0.5, 5, 50, 500];

/** The operations that draw noise for logits. */
const SAMPLING = ON_LOGITS.filter(drawsNoise);

export const sampleCases: readonly ConformanceCase[] = [
  ...SAMPLING.flatMap((operation): ConformanceCase[] => [
    {
      id: `samples/rare-events-${operation}`,
      kind: "exact",
      title: `${operation} draws the rarest events by default, beyond the reach of 24-bit noise`,
      clauses: ["NOISE-5", "CAT-3"],
      needs: { operations: [operation], precisions: ["full"] },
      async run({ subject }) {
        for (const { seed, index } of HIGHEST_WORDS) {
          for (const call of callsOf(operation, winningByOne(seed, index), { key: key(seed) })) {
            await checkCall(subject, call);
          }
        }
      },
    },
    {
      id: `samples/ends-of-the-range-${operation}`,
      kind: "exact",
      title: `${operation} stays right where a uniform would round to 0 or 1`,
      clauses: ["NOISE-4", "NOISE-1", "NOISE-2"],
      needs: { operations: [operation], precisions: [] },
      async run({ subject, backend }) {
        for (const precision of backend.sampler.capabilities.precisions) {
          for (const { seed } of ENDS) {
            const options = { key: key(seed), precision };
            for (const logits of [constantLogits([RARE_ELEMENTS]), fixedLogits([RARE_ELEMENTS], 3, 8)]) {
              for (const call of callsOf(operation, logits, options)) await checkCall(subject, call);
            }
          }
        }
      },
    },
  ]),
  ...(["gumbelSoftmax", "categorical", "gumbelTopK"] as const).map(
    (operation): ConformanceCase => ({
      id: `samples/close-calls-${operation}`,
      kind: "exact",
      title: `${operation} decides between categories that are hardly further apart than a near-tie`,
      clauses: [{ gumbelSoftmax: "GS-6", categorical: "CAT-2", gumbelTopK: "TOPK-1" }[operation]],
      needs: { operations: [operation], precisions: [] },
      async run({ subject, backend }) {
        for (const precision of backend.sampler.capabilities.precisions) {
          const options = { key: key(17), precision };
          const logits = closeCalls(gumbel(CLOSE_SHAPE, options).data);
          // Of gumbelSoftmax the hard sample, whose category a soft one only suggests.
          await checkCall(subject, callsOf(operation, logits, options).at(-1)!);
        }
      },
    }),
  ),
  {
    id: "samples/exact-ties",
    kind: "exact",
    title: "two categories with the same noise and logit are a tie, which the lowest index wins",
    clauses: ["CAT-2", "GS-2", "TOPK-2"],
    needs: { operations: ["categorical", "gumbelSoftmax", "gumbelTopK"], precisions: ["jax"] },
    async run({ subject }) {
      for (const { seed, indices } of TIES_AT_23_BITS) {
        const options = { key: key(seed), precision: "jax" } as const;
        const logits = constantLogits([64]);
        const index = await checkCall(subject, { operation: "categorical", logits, options });
        expectTie("CAT-2", index[0].data[0], indices[0]);
        const hard = { ...options, hard: true };
        const sample = await checkCall(subject, { operation: "gumbelSoftmax", logits, options: hard });
        expectTie("GS-2", Array.from(sample[0].data as ArrayLike<number>).indexOf(1), indices[0]);
        const best = await checkCall(subject, { operation: "gumbelTopK", logits, k: 2, options });
        expectTie("TOPK-2", best[1].data[0], indices[0]);
        expectTie("TOPK-2", best[1].data[1], indices[1]);
      }
    },
  },
  {
    id: "samples/fresh-noise",
    kind: "exact",
    title: "every sample, row and column of one call has noise of its own",
    clauses: ["GS-1", "CAT-1"],
    needs: { operations: ["gumbelSoftmax", "categorical"] },
    async run({ subject }) {
      const logits = constantLogits([64, 6]);
      const options = { key: key(3), sampleShape: [2, 3] };
      await checkCall(subject, { operation: "gumbelSoftmax", logits, options });
      const [values] = await checkCall(subject, { operation: "categorical", logits, options });
      const samples = Array.from({ length: 6 }, (_, s) =>
        Array.from({ length: 64 }, (_, r) => values.data[s * 64 + r]),
      );
      if (new Set(samples.map(String)).size === 6) return;
      throw new ConformanceFailure("CAT-1", { note: "two samples of one call are the same draw" });
    },
  },
  {
    id: "samples/temperature-limits",
    kind: "exact",
    title: "a vanishing temperature gives the hard sample, an enormous one the uniform distribution",
    clauses: ["GS-3"],
    needs: { operations: ["gumbelSoftmax", "softmax"] },
    async run({ subject }) {
      const masked = logitsOfRows([
        [0.5, Number.NEGATIVE_INFINITY, 2, -1],
        [3, -3, 0, 1],
        [1e30, -1e30, 5, 2e30],
      ]);
      for (const operation of ["gumbelSoftmax", "softmax"] as const) {
        for (const temperature of [MIN_TEMPERATURE, 1e-11]) {
          const options = { key: key(8), temperature };
          const hard = await runOrFail(subject, callOn(operation, masked, { ...options, hard: true }));
          const call = callOn(operation, masked, options);
          const soft = await checkCall(subject, call);
          expectNear(call, soft[0].data, hard[0].data, 2 ** -20);
        }
        for (const temperature of [1e12, MAX_TEMPERATURE]) {
          const logits = { data: masked.data.subarray(0, 8), shape: [2, 4] };
          const call = callOn(operation, logits, { key: key(8), temperature });
          const soft = await checkCall(subject, call);
          expectNear(call, soft[0].data, [1 / 3, 0, 1 / 3, 1 / 3, 1 / 4, 1 / 4, 1 / 4, 1 / 4], 2 ** -20);
        }
      }
    },
  },
  ...(["softmax", "gumbelSoftmax"] as const).map(
    (operation): ConformanceCase => ({
      id: `samples/every-temperature-${operation}`,
      kind: "exact",
      title: `${operation} of logits some temperatures apart is right at every power of ten`,
      clauses: [operation === "softmax" ? "SM-1" : "GS-4"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const options = { key: key(9) };
        // Logits that take their own noise away: what is left is the gaps, as far as float32 holds them.
        const noise = gumbel([GAPS.length, 2], options).data;
        const least = operation === "softmax" ? -11 : -4;
        for (let exponent = least; exponent <= 12; exponent++) {
          const temperature = 10 ** exponent;
          const logits = logitsOfRows(
            GAPS.map((gap, row) => {
              const [a, b] = operation === "softmax" ? [0, 0] : noise.subarray(2 * row, 2 * row + 2);
              return [-a, -gap * temperature - b];
            }),
          );
          await checkCall(subject, callOn(operation, logits, { ...options, temperature }));
        }
      },
    }),
  ),
  {
    id: "samples/hard-at-any-temperature",
    kind: "exact",
    title: "the temperature does not move a hard sample, however small or large it is",
    clauses: ["GS-2", "SM-2"],
    needs: { operations: ["gumbelSoftmax", "softmax"] },
    async run({ subject }) {
      const logits = fixedLogits([50, 6], 7);
      for (const operation of ["gumbelSoftmax", "softmax"] as const) {
        for (const temperature of [MIN_TEMPERATURE, 1e-6, 0.01, 1, 100, 1e6, MAX_TEMPERATURE]) {
          await checkCall(subject, callOn(operation, logits, { key: key(8), temperature, hard: true }));
        }
      }
    },
  },
  {
    id: "samples/mode",
    kind: "exact",
    title:
      "categorical at temperature 0 is the largest logit, the lowest index of equal ones, whatever the key",
    clauses: ["CAT-4"],
    needs: { operations: ["categorical"] },
    async run({ subject }) {
      const mask = Number.NEGATIVE_INFINITY;
      const rows = [
        [1, 3, 2, 3],
        [0, -0, 0, 0],
        [mask, mask, -1e30, mask],
        [1, 1 + 2 ** -23, 1, mask],
        [mask, mask, mask, mask],
        [3e38, Math.fround(3.4e38), -3e38, 0],
        [-5, Number.NaN, 1, 2],
      ];
      for (const options of [{}, { sampleShape: [3] }, { axis: 0 }]) {
        const call = callOn("categorical", logitsOfRows(rows), { ...options, temperature: 0 });
        await checkCall(subject, call);
      }
      await checkCall(subject, callOn("categorical", fixedLogits([3, 3000], 18), { temperature: 0 }));
    },
  },
  ...(["categorical", "gumbelTopK"] as const).map(
    (operation): ConformanceCase => ({
      id: `samples/temperature-${operation}`,
      kind: "exact",
      title: `${operation} divides the logits by the temperature before the noise is added`,
      clauses: [operation === "categorical" ? "CAT-4" : "TOPK-5"],
      needs: { operations: [operation] },
      async run({ subject }) {
        for (const [shape, axis] of [
          [[200, 6], -1],
          [[6, 50], 0],
          [[2, 1500], -1],
        ] as const) {
          const options = { key: key(20), axis };
          const logits = fixedLogits(shape, 19);
          await checkPremise(subject, callOn(operation, logits, options));
          for (const temperature of [MIN_TEMPERATURE, 1e-6, 0.1, 0.7, 3, 1e6, MAX_TEMPERATURE]) {
            await checkCall(subject, callOn(operation, logits, { ...options, temperature }));
          }
        }
      },
    }),
  ),
  {
    id: "samples/exact-order",
    kind: "exact",
    title:
      "without noise the largest logit is the hard one: neighbours in float32, zeros of both signs, the ends",
    clauses: ["SM-2"],
    needs: { operations: ["softmax"] },
    async run({ subject }) {
      const step = 2 ** -23;
      const logits = logitsOfRows([
        [1, 1 + step, 1 - step / 2],
        [-0, 0, -1],
        [0, -0, -1],
        [2e38, 3.4e38, 3.3e38].map(Math.fround),
        [-3.4e38, -2e38, -3.3e38].map(Math.fround),
        [1e-30, 2e-30, -1e-30].map(Math.fround),
      ]);
      for (const temperature of [1, 1e-3, 1e3]) {
        await checkCall(subject, { operation: "softmax", logits, options: { temperature, hard: true } });
      }
    },
  },
  {
    id: "samples/shift-invariance",
    kind: "property",
    title: "a constant added to a row's logits changes neither sample nor gradient",
    clauses: ["GS-7"],
    needs: { operations: ["gumbelSoftmax", "categorical"] },
    run: (context) => {
      // Multiples of 1/64 and whole shifts: the sums are exact in float32.
      const logits = arrayOf([4, 5], evenly(4, 1 / 64));
      const shifts = fc.array(fc.integer({ min: -512, max: 512 }), { minLength: 4, maxLength: 4 });
      return forAll(context, fc.tuple(logits, shifts, anyKey), async ([plain, shift, drawn]) => {
        const shifted = {
          shape: plain.shape,
          data: Array.from(plain.data as ArrayLike<number>, (value, i) => value + shift[Math.floor(i / 5)]),
        };
        const { operations: present } = context.backend.sampler.capabilities;
        // Not of gumbelTopK, whose values shift too.
        const shiftable = SAMPLING.filter((name) => name !== "gumbelTopK" && present.includes(name));
        for (const call of shiftable.flatMap((name) => callsOf(name, shifted, { key: drawn }))) {
          const got = await runOrFail(context.subject, call);
          const unshifted = await expectedOf(withLogits(call, plain));
          checkResult(call, got, unshifted);
        }
      });
    },
  },
];

/** Rows of the close calls. */
const CLOSE_SHAPE = [200, 8];
/** Twice a near-tie. Where |g| ≤ 2 the noise of two categories is wrong by 2⁻¹⁸ at most, which cannot turn them around. */
const CLOSE_GAP = 2 ** -17;

/**
 * Logits that take away their own noise and leave a different multiple of the gap in each category of a row, in an order
 * that differs from row to row. Where the noise is large its own error could decide: there the category is far behind.
 */
function closeCalls(noise: Float64Array): NdArray {
  const categories = CLOSE_SHAPE[1];
  const data = Float32Array.from(noise, (g, i) => {
    const place = ((i % categories) * 3 + Math.floor(i / categories)) % categories;
    return Math.abs(g) <= 2 ? place * CLOSE_GAP - g : -1 - place - g;
  });
  return { data, shape: CLOSE_SHAPE };
}

function expectTie(clause: string, got: number, expected: number): void {
  if (got === expected) return;
  throw new ConformanceFailure(clause, { note: "an exact tie must go to the lowest index", got, expected });
}

function expectNear(call: Call, got: ArrayLike<number>, expected: ArrayLike<number>, allowed: number): void {
  for (let index = 0; index < expected.length; index++) {
    if (Math.abs(got[index] - expected[index]) <= allowed) continue;
    const details = { call, index, got: got[index], expected: expected[index], allowed };
    throw new ConformanceFailure("GS-3", { note: "a limit of the temperature is not reached", ...details });
  }
}
