// Gradients: straight-through, at the key of their sample, and the derivative of the backend's own forward pass.
import fc from "fast-check";
import { MAX_TEMPERATURE, MIN_TEMPERATURE } from "../../arguments.ts";
import { sizeOf } from "../../layout.ts";
import { key } from "../../random/key.ts";
import { gumbel } from "../../reference/index.ts";
import { anyKey } from "../arbitrary.ts";
import { arrayOf, evenly, oneOf } from "../arbitrary-logits.ts";
import { type Call, hasOption } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkInfiniteCotangents } from "../checks/check-infinite-cotangents.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits, logitsOfRows } from "../fixed-logits.ts";
import { forAll } from "../property.ts";
import { firstDifference } from "../same-data.ts";

/**
 * Step of the central difference. Over the eight values here its own error stays below 8·step²/6, as third derivatives
 * of a softmax along directions of ±1 stay below 1; float32's rounding adds at most 8·2⁻²⁰/step = 2⁻¹².
 */
const STEP = 2 ** -5;
/** Above the sum of both errors, far below the gradients themselves. */
const DIFFERENCE_BOUND = 2 ** -8;

const FORWARD = { gumbelSoftmaxVjp: "gumbelSoftmax", softmaxVjp: "softmax" } as const;

export const gradientCases: readonly ConformanceCase[] = [
  ...(["gumbelSoftmaxVjp", "softmaxVjp"] as const).flatMap((operation): ConformanceCase[] => [
    {
      id: `gradients/finite-differences-${operation}`,
      kind: "property",
      title: `${operation} is the derivative of the backend's own forward pass along any direction`,
      clauses: ["VJP-5"],
      needs: { operations: [operation, FORWARD[operation]] },
      run: (context) => checkFiniteDifferences(context, operation),
    },
    {
      id: `gradients/straight-through-${operation}`,
      kind: "exact",
      title: `${operation} with hard is to the last bit that without, and not zero`,
      clauses: ["VJP-3"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const logits = fixedLogits([4, 6], 21);
        const cotangent = fixedLogits([4, 6], 22, 1);
        const options = { key: key(23), temperature: 0.8 };
        const soft = await checkCall(subject, { ...callOn(operation, logits, options), cotangent } as Call);
        const call = { ...callOn(operation, logits, { ...options, hard: true }), cotangent } as Call;
        const hard = await checkCall(subject, call);
        const index = firstDifference(hard[0].data, soft[0].data);
        if (index === undefined) return;
        const [got, expected] = [hard[0].data[index], soft[0].data[index]];
        const note = "the straight-through gradient is not the soft sample's";
        throw new ConformanceFailure("VJP-3", { note, call, index, got, expected });
      },
    },
    {
      id: `gradients/masks-${operation}`,
      kind: "exact",
      title: `${operation} is exactly 0 under a mask, even for a huge cotangent there, and NaN in degenerate rows only`,
      clauses: ["LOGITS-2", "LOGITS-3"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const [masked, infinite] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        const logits = logitsOfRows([
          [1, masked, 2, 0],
          [masked, masked, 0.5, masked],
          [masked, masked, masked, masked],
          [0, Number.NaN, 1, 2],
          [1, 2, 3, infinite],
          [-2, 0, masked, 1],
        ]);
        const cotangent = logitsOfRows([
          [1, 3e38, -2, 0.5],
          [-3e38, 3e38, 1, 7],
          [1, 2, 3, 4],
          [1, 2, 3, 4],
          [1, 2, 3, 4],
          [0, 1, -3e38, 2],
        ]);
        await checkCall(subject, { ...callOn(operation, logits, { key: key(24) }), cotangent } as Call);
      },
    },
    {
      id: `gradients/infinite-cotangents-${operation}`,
      kind: "robustness",
      title: `a cotangent of ±∞ or NaN reaches its own row of ${operation} alone, and none where the sample is 0`,
      clauses: [operation === "softmaxVjp" ? "VJP-2" : "VJP-1"],
      needs: { operations: [operation] },
      async run({ subject }) {
        for (const [shape, axis] of [
          [[12, 5], -1],
          [[5, 12], 0],
          [[300, 4], -1],
          [[7, 3000], -1],
        ] as const) {
          await checkInfiniteCotangents(subject, operation, shape, axis);
        }
        if (hasOption(operation, "sampleShape"))
          await checkInfiniteCotangents(subject, operation, [12, 5], -1, { sampleShape: [3] });
      },
    },
    {
      id: `gradients/cotangents-${operation}`,
      kind: "exact",
      title: `${operation} is as right for large and small cotangents as for ordinary ones`,
      clauses: ["VJP-4"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const logits = fixedLogits([3, 5], 30);
        for (const scale of [2 ** -40, 2 ** 10, 2 ** 40, 2 ** 100]) {
          const cotangent = fixedLogits([3, 5], 31, scale);
          await checkCall(subject, { ...callOn(operation, logits, { key: key(32) }), cotangent } as Call);
        }
        // Over the temperature beyond float32, and within it again times the small values of a row.
        const options = { key: key(33), temperature: 2 ** -10 };
        const noise = operation === "softmaxVjp" ? undefined : gumbel([1, 4], { key: options.key }).data;
        const steep = logitsOfRows([[0, -9, -10, -11].map((x, j) => x * 2 ** -10 - (noise?.[j] ?? 0))]);
        const cotangent = logitsOfRows([[0, 2 ** 120, -(2 ** 121), 2 ** 119]]);
        await checkCall(subject, { ...callOn(operation, steep, options), cotangent } as Call);
      },
    },
    {
      id: `gradients/temperatures-${operation}`,
      kind: "exact",
      title: `${operation} is finite at any temperature, and vanishes with a one-hot sample`,
      clauses: ["GS-3", "VJP-4", "LOGITS-6"],
      needs: { operations: [operation] },
      async run({ subject }) {
        // Far from near-ties, with and without the noise: a gradient there overflows float32 by right.
        const logits = logitsOfRows([
          [60, -20, 20, -60],
          [-80, 0, 80, Number.NEGATIVE_INFINITY],
        ]);
        const cotangent = fixedLogits([2, 4], 28);
        for (const temperature of [MIN_TEMPERATURE, 1e-9, 1e-3, 1e3, 1e9, MAX_TEMPERATURE]) {
          const options = { key: key(29), temperature };
          await checkCall(subject, { ...callOn(operation, logits, options), cotangent } as Call);
        }
      },
    },
    {
      id: `gradients/close-logits-${operation}`,
      kind: "exact",
      title: `${operation} grows as the temperature falls, where the categories of a row lie no further apart`,
      clauses: [operation === "softmaxVjp" ? "VJP-2" : "VJP-1", "VJP-4"],
      needs: { operations: [operation] },
      async run({ subject }) {
        const shape = [3, 5];
        const drawn = key(35);
        // What the noise adds is taken away before: it stays below 3, and the sum within its bound.
        const noise = operation === "softmaxVjp" ? undefined : gumbel(shape, { key: drawn }).data;
        for (const temperature of [2 ** -7, 2 ** -10, 2 ** -13]) {
          const data = fixedLogits(shape, 34, 2 * temperature).data.map((x, i) => x - (noise?.[i] ?? 0));
          const cotangent = fixedLogits(shape, 35, 8);
          const options = { key: drawn, temperature };
          await checkCall(subject, { ...callOn(operation, { data, shape }, options), cotangent } as Call);
        }
      },
    },
  ]),
  {
    id: "gradients/sum-over-samples",
    kind: "exact",
    title: "the gradient of several samples is the sum of theirs",
    clauses: ["VJP-1"],
    needs: { operations: ["gumbelSoftmaxVjp"] },
    async run({ subject }) {
      for (const [sampleShape, axis] of [
        [[5], -1],
        [[2, 3], 0],
        [[1], 1],
        [[64], 0],
      ] as const) {
        await checkCall(subject, {
          operation: "gumbelSoftmaxVjp",
          logits: fixedLogits([3, 4], 25),
          cotangent: fixedLogits([...sampleShape, 3, 4], 26, 1),
          options: { key: key(27), sampleShape, axis, temperature: 0.6 },
        });
      }
    },
  },
];

async function checkFiniteDifferences(
  context: CaseContext,
  operation: "gumbelSoftmaxVjp" | "softmaxVjp",
): Promise<void> {
  const shape = [2, 4];
  // Multiples of 1/64: logits ± STEP·direction are exact in float32 for directions of ±1 and 0.
  const logits = arrayOf(shape, evenly(2, 1 / 64));
  const direction = arrayOf(shape, oneOf(-1, 0, 1));
  const cotangents = arrayOf(shape, evenly(1, 1 / 1024));
  const inputs = fc.tuple(logits, cotangents, direction, anyKey, fc.boolean());
  await forAll(context, inputs, async ([at, cotangent, along, drawn, hard]) => {
    const options = { key: drawn, temperature: 1 };
    const call = { ...callOn(operation, at, { ...options, hard }), cotangent } as Call;
    const gradient = (await runOrFail(context.subject, call))[0].data;
    const forward = async (step: number) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => at.data[i] + step * along.data[i]);
      const moved = callOn(FORWARD[operation], { data, shape }, options);
      return (await runOrFail(context.subject, moved))[0].data;
    };
    const [after, before] = [await forward(STEP), await forward(-STEP)];
    let [difference, product] = [0, 0];
    for (let i = 0; i < sizeOf(shape); i++) {
      difference += (cotangent.data[i] * (after[i] - before[i])) / (2 * STEP);
      product += gradient[i] * along.data[i];
    }
    if (Math.abs(difference - product) <= DIFFERENCE_BOUND) return;
    throw new ConformanceFailure("VJP-5", {
      note: `along [${along.data}] the product is not the finite difference`,
      call,
      got: product,
      expected: difference,
      allowed: DIFFERENCE_BOUND,
    });
  });
}
