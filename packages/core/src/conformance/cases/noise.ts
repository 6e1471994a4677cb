// Gumbel noise: both precisions at their stated accuracy, over the whole range, the same wherever an element stands.

import { sizeOf } from "../../layout.ts";
import { key } from "../../random/key.ts";
import type { Precision } from "../../random/noise.ts";
import { gumbel } from "../../reference/index.ts";
import { anyCall } from "../arbitrary.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { noiseBound } from "../checks/bounds.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkWindows } from "../checks/check-windows.ts";
import { ConformanceFailure } from "../failure.ts";
import { forAll } from "../property.ts";
import {
  HIGHEST_WORDS,
  LAST_STEP_OF_23_BITS,
  LOWEST_WORDS,
  MIDDLE_WORDS,
  OCTAVES,
  RARE_ELEMENTS,
  ZERO_AT_23_BITS,
} from "../rare-keys.ts";
import { firstDifference } from "../same-data.ts";

const RARE = [
  ...MIDDLE_WORDS,
  ...LOWEST_WORDS,
  ...ZERO_AT_23_BITS,
  ...HIGHEST_WORDS,
  ...LAST_STEP_OF_23_BITS,
  ...OCTAVES,
];

export const noiseCases: readonly ConformanceCase[] = [
  ...(["full", "jax"] as const).flatMap((precision): ConformanceCase[] => [
    {
      id: `noise/accuracy-${precision}`,
      kind: "exact",
      title: `noise at precision ${precision} stays within its bound over many elements`,
      clauses: [definitionOf(precision), "NOISE-3", "NOISE-4"],
      needs: { operations: ["gumbel"], precisions: [precision] },
      async run({ subject, quick }) {
        const shape = quick ? [4, 2000] : [64, 4096];
        await checkCall(subject, { operation: "gumbel", shape, options: { key: key(2024), precision } });
      },
    },
    {
      id: `noise/rare-words-${precision}`,
      kind: "exact",
      title: `noise at precision ${precision} is finite and accurate at the ends, in every octave and in the middle of the range of words`,
      clauses: [definitionOf(precision), "NOISE-3", "NOISE-4"],
      needs: { operations: ["gumbel"], precisions: [precision] },
      async run({ subject }) {
        for (const { seed } of RARE) {
          const options = { key: key(seed), precision };
          await checkCall(subject, { operation: "gumbel", shape: [RARE_ELEMENTS], options });
        }
      },
    },
  ]),
  {
    id: "noise/reference",
    kind: "property",
    title: "noise of any shape, offset and row stride is the reference's",
    clauses: ["NOISE-1", "NOISE-2", "NOISE-3", "BITS-4"],
    needs: { operations: ["gumbel"], precisions: [] },
    run: (context) =>
      forAll(context, anyCall("gumbel", context.backend.sampler.capabilities), async (call) => {
        await checkCall(context.subject, call);
      }),
  },
  {
    id: "noise/default-precision",
    kind: "exact",
    title: "full precision is the default: the rarest words draw their rare noise",
    clauses: ["NOISE-5"],
    needs: { operations: ["gumbel"], precisions: ["full"] },
    async run({ subject }) {
      for (const { seed, index } of HIGHEST_WORDS) {
        const call = { operation: "gumbel", shape: [RARE_ELEMENTS], options: { key: key(seed) } } as const;
        const [values] = await runOrFail(subject, call);
        const expected = gumbel(call.shape, call.options).data[index];
        const allowed = noiseBound(expected);
        const got = values.data[index];
        if (Math.abs(got - expected) <= allowed) continue;
        const note = "noise without a precision is not that of full precision";
        throw new ConformanceFailure("NOISE-5", { note, call, index, got, expected, allowed });
      }
    },
  },
  {
    id: "noise/shape-invariance",
    kind: "exact",
    title: "an element's noise is the same to the last bit in every shape that holds it",
    clauses: ["BITS-3"],
    needs: { operations: ["gumbel"] },
    async run(context) {
      const whole = await noiseOf(context, [6, 700]);
      for (const shape of [
        [],
        [4200],
        [1, 6, 700],
        [700, 6],
        [2, 3, 7, 100],
        [4200, 1],
        [3, 700],
        [1],
        [5],
        [63],
        [129, 3],
      ]) {
        expectSame(whole.subarray(0, sizeOf(shape)), await noiseOf(context, shape), shape);
      }
    },
  },
  {
    id: "noise/shards",
    kind: "exact",
    title: "a shard of columns or rows has the noise of the whole to the last bit",
    clauses: ["BITS-3", "BITS-4"],
    needs: { operations: ["gumbel"], sharding: true },
    async run(context) {
      const [rows, columns] = [5, 333];
      const whole = await noiseOf(context, [rows, columns]);
      for (const [first, length] of [
        [0, 100],
        [100, 100],
        [200, 133],
        [332, 1],
      ]) {
        const place = { offset: first, rowStride: columns };
        const shard = await noiseOf(context, [rows, length], place);
        const expected = new Float64Array(rows * length).map(
          (_, i) => whole[Math.floor(i / length) * columns + first + (i % length)],
        );
        expectSame(expected, shard, [rows, length], place);
      }
      const place = { offset: 2 * columns };
      expectSame(
        whole.subarray(2 * columns),
        await noiseOf(context, [3, columns], place),
        [3, columns],
        place,
      );
    },
  },
  {
    id: "noise/beyond-2^24-elements",
    kind: "robustness",
    title: "elements on either side of every power of two, up to 2^24, have their own noise",
    clauses: ["LOGITS-7", "BITS-3"],
    needs: { operations: ["gumbel"], precisions: [] },
    async run({ subject, backend, quick }) {
      const [first, ...others] = backend.sampler.capabilities.precisions;
      await checkWindows(subject, "gumbel", quick ? [4, 2 ** 18 + 37] : [4, 2 ** 22 + 1061], {
        precision: first,
      });
      for (const precision of others) await checkWindows(subject, "gumbel", [3, 2 ** 17 + 37], { precision });
    },
  },
];

function definitionOf(precision: Precision): string {
  return precision === "full" ? "NOISE-1" : "NOISE-2";
}

async function noiseOf(
  { subject }: CaseContext,
  shape: readonly number[],
  place: { offset?: number; rowStride?: number } = {},
): Promise<Float64Array> {
  const [values] = await runOrFail(subject, {
    operation: "gumbel",
    shape,
    options: { key: key(77), ...place },
  });
  return Float64Array.from(values.data as ArrayLike<number>);
}

function expectSame(expected: Float64Array, got: Float64Array, shape: readonly number[], place = {}): void {
  const index = firstDifference(got, expected);
  if (index === undefined) return;
  throw new ConformanceFailure("BITS-3", {
    note: "an element's noise depends on what surrounds it",
    call: { operation: "gumbel", shape, options: { key: key(77), ...place } },
    index,
    shape,
    got: got[index],
    expected: expected[index],
  });
}
