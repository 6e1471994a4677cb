// Logarithms and densities: where probabilities underflow, and what masks mean.
import type { NdArray } from "../../nd-array.ts";
import { FLT_MAX } from "../../numerics.ts";
import { key } from "../../random/key.ts";
import { gumbelSoftmax } from "../../reference/index.ts";
import type { Call } from "../call.ts";
import { callOn, maskedAs } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { constantLogits, fixedLogits, logitsOfRows } from "../fixed-logits.ts";

const [MASK, INFINITE, NAN] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];

/** Rows with masks, and one whose soft values underflow at every temperature below 1. */
const ROWS = logitsOfRows([
  [0, 1, 2, 3],
  [MASK, 40, 0, -60],
  [MASK, MASK, -2, 1],
  [MASK, 5, MASK, MASK],
]);

/** Rows that no distribution belongs to, but for the last. */
const DEGENERATE = logitsOfRows([
  [NAN, 0, 0, 0],
  [0, 0, INFINITE, 0],
  [MASK, MASK, MASK, MASK],
  [1, 2, 3, 4],
]);

export const densityCases: readonly ConformanceCase[] = [
  ...(["gumbelSoftmax", "softmax"] as const).map(
    (operation): ConformanceCase => ({
      id: `densities/log-${operation}`,
      kind: "exact",
      title: `${operation} with log is finite and exact where its result underflows, and −∞ under a mask alone`,
      clauses: [operation === "softmax" ? "SM-3" : "GS-8", "LOGITS-2"],
      needs: { operations: [operation], logarithms: true },
      async run({ subject }) {
        for (const temperature of [1, 0.1, 0.01, 2 ** -20, 100]) {
          const options = { key: key(151), temperature, log: true };
          await checkCall(subject, callOn(operation, ROWS, options));
          await checkCall(subject, callOn(operation, fixedLogits([2, 700], 152, 20), options));
        }
      },
    }),
  ),
  {
    id: "densities/entropy",
    kind: "exact",
    title: "the entropy of equal categories is the logarithm of their number, and that of one alone 0",
    clauses: ["ENT-1"],
    needs: { operations: ["entropy"] },
    async run({ subject }) {
      for (const temperature of [1, 0.01, 50]) {
        await checkCall(subject, callOn("entropy", ROWS, { temperature }));
        await checkCall(subject, callOn("entropy", constantLogits([2, 10_000], -3), { temperature }));
      }
    },
  },
  {
    id: "densities/kl-masks",
    kind: "exact",
    title: "a category that p masks adds nothing to KL(p‖q), and one that q alone masks makes it infinite",
    clauses: ["KL-1", "KL-2"],
    needs: { operations: ["klDivergence"] },
    async run({ subject }) {
      const of = (logits: NdArray, otherLogits: NdArray) =>
        checkCall(subject, { operation: "klDivergence", logits, otherLogits, options: {} });
      const all = constantLogits([4, 4], 0.5);
      // p and q mask the same, p more, q more, and q also where p underflows.
      await of(ROWS, ROWS);
      await of(ROWS, all);
      await of(all, ROWS);
      await of(logitsOfRows([[0, -400, 1]]), logitsOfRows([[0, MASK, 1]]));
      // Far apart, where q underflows.
      await of(logitsOfRows([[0, 200, -300]]), logitsOfRows([[0, -150, 90]]));
      await of(ROWS, DEGENERATE);
      await of(DEGENERATE, ROWS);
      // Close to one another: rounding must not make it negative.
      const close = fixedLogits([50, 300], 154);
      const next = { ...close, data: close.data.map((x) => x * (1 + 2 ** -20)) };
      const [divergences] = await of(close, next);
      const index = Array.from(divergences.data as ArrayLike<number>).findIndex((value) => !(value >= 0));
      if (index < 0) return;
      const note = "a divergence is negative";
      const call: Call = { operation: "klDivergence", logits: close, otherLogits: next, options: {} };
      throw new ConformanceFailure("KL-1", { note, call, index, got: divergences.data[index] });
    },
  },
  {
    id: "densities/relaxed",
    kind: "exact",
    title: "the density of a log-sample is right at temperatures of 0.01 and in rows of 10,000 categories",
    clauses: ["RLP-1", "RLP-3"],
    needs: { operations: ["relaxedLogProb"] },
    async run({ subject }) {
      for (const [shape, axis] of [
        [[3, 7], -1],
        [[7, 2], 0],
        [[1, 10_000], -1],
      ] as const) {
        const logits = fixedLogits(shape, 155);
        for (const temperature of [0.01, 0.5, 1, 20]) {
          const options = { temperature, axis, sampleShape: [2] };
          const { data, shape } = gumbelSoftmax(logits, { ...options, key: key(156), log: true });
          const logSample = { data: Float32Array.from(data), shape };
          await checkCall(subject, { operation: "relaxedLogProb", logits, logSample, options });
        }
      }
    },
  },
  {
    id: "densities/relaxed-masks",
    kind: "exact",
    title:
      "the density of a log-sample counts no masked category, and is −∞ where mass is missing or misplaced",
    clauses: ["RLP-2", "RLP-1"],
    needs: { operations: ["relaxedLogProb"] },
    async run({ subject }) {
      const of = (logSample: NdArray, logits = ROWS, temperature = 0.5) =>
        checkCall(subject, { operation: "relaxedLogProb", logits, logSample, options: { temperature } });
      const sample = fixedLogits([4, 4], 157);
      await of(sample);
      await of(maskedAs(ROWS, sample));
      for (const value of [MASK, INFINITE]) {
        const data = Float32Array.from(maskedAs(ROWS, sample).data, (x, i) => (i % 5 === 2 ? value : x));
        await of({ data, shape: [4, 4] });
      }
      // What a log-sample is that lies below float32: a mass all the same.
      const least = Float32Array.from(maskedAs(ROWS, sample).data, (x, i) => (i % 5 === 2 ? -FLT_MAX : x));
      await of({ data: least, shape: [4, 4] });
      await of({ data: least, shape: [4, 4] }, ROWS, 2 ** -30);
      await of(maskedAs(DEGENERATE, sample), DEGENERATE);
    },
  },
  ...(["gumbelSoftmaxVjp", "softmaxVjp"] as const).map(
    (operation): ConformanceCase => ({
      id: `densities/log-${operation}`,
      kind: "exact",
      title: `${operation} with log counts categories whose soft value underflows, and none under a mask`,
      clauses: ["VJP-6", "LOGITS-2"],
      needs: { operations: [operation], logarithms: true },
      async run({ subject }) {
        const cotangent = logitsOfRows([
          [1, -2, 0.5, 3],
          [3e30, 1, 2, -4],
          [7, -3e30, 1, 0.25],
          [1, 2, 3, 4],
        ]);
        for (const temperature of [1, 0.1, 0.01, 100]) {
          const options = { key: key(153), temperature, log: true };
          await checkCall(subject, { ...callOn(operation, ROWS, options), cotangent } as Call);
        }
      },
    }),
  ),
];
