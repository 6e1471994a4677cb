// Every operation against the reference on random calls, and the operations against one another at one key.
import fc from "fast-check";
import { sizeOf } from "../../nd-array.ts";
import type { Operation } from "../../sampler.ts";
import { anyCall } from "../arbitrary.ts";
import type { Call, CallOf } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { nearTieBound } from "../checks/bounds.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkedRows } from "../checks/rows.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits } from "../fixed-logits.ts";
import { forAll } from "../property.ts";

const REFERENCE_LAWS: readonly {
  operation: Exclude<Operation, "bits" | "gumbel">;
  title: string;
  clauses: readonly string[];
}[] = [
  {
    operation: "gumbelSoftmax",
    title: "soft and hard samples of any logits and options are the reference's",
    clauses: ["GS-1", "GS-2", "GS-3", "GS-4", "GS-5", "GS-6", "LOGITS-1", "LOGITS-2", "LOGITS-3", "LOGITS-6"],
  },
  {
    operation: "softmax",
    title: "soft and hard softmax of any logits and options are the reference's",
    clauses: ["SM-1", "SM-2", "GS-3", "GS-5", "LOGITS-1", "LOGITS-2", "LOGITS-3", "LOGITS-6"],
  },
  {
    operation: "gumbelSoftmaxVjp",
    title: "gradients of samples, soft and straight-through, are the analytic product at the same key",
    clauses: ["VJP-1", "VJP-3", "VJP-4", "LOGITS-2", "LOGITS-3"],
  },
  {
    operation: "softmaxVjp",
    title: "gradients of softmax, soft and straight-through, are the analytic product",
    clauses: ["VJP-2", "VJP-3", "VJP-4", "LOGITS-2", "LOGITS-3"],
  },
  {
    operation: "categorical",
    title: "categorical indices of any logits and options are the reference's, near-ties aside",
    clauses: ["CAT-1", "CAT-2", "LOGITS-1", "LOGITS-2", "LOGITS-3", "LOGITS-6"],
  },
  {
    operation: "topK",
    title: "top-k values and indices of any logits and options are the reference's, near-ties aside",
    clauses: ["TOPK-1", "TOPK-2", "TOPK-3", "LOGITS-1", "LOGITS-2", "LOGITS-3", "LOGITS-6"],
  },
];

/** Different sides, equal ones, which an exchange of axes leaves in shape, and sides of 1, which squeezing moves. */
const HIGH_RANKS = [
  [2, 3, 1, 4, 2],
  [2, 2, 2, 2, 2],
  [3, 3, 3, 3],
  [1, 3, 3, 1],
];

export const agreementCases: readonly ConformanceCase[] = [
  ...REFERENCE_LAWS.map(
    ({ operation, title, clauses }): ConformanceCase => ({
      id: `reference/${operation}`,
      kind: "property",
      title,
      clauses,
      needs: { operations: [operation], precisions: [] },
      run: (context) =>
        forAll(context, anyCall(operation, context.backend.sampler.capabilities), async (call) => {
          await checkCall(context.subject, call);
        }),
    }),
  ),
  ...REFERENCE_LAWS.map(
    ({ operation }): ConformanceCase => ({
      id: `reference/rank-5-${operation}`,
      kind: "exact",
      title: `${operation} works along every axis of four and five dimensions, also of equal ones and ones of 1`,
      clauses: ["LOGITS-1"],
      needs: { operations: [operation] },
      async run({ subject }) {
        for (const shape of HIGH_RANKS) {
          for (let axis = 0; axis < shape.length; axis++) {
            await checkCall(subject, callOn(operation, fixedLogits(shape, 51), { axis }));
          }
        }
      },
    }),
  ),
  {
    id: "agreement/one-key-one-sample",
    kind: "property",
    title: "soft, hard, categorical and top-k at one key choose the same category",
    clauses: ["GS-6", "TOPK-1"],
    needs: { operations: ["gumbelSoftmax", "categorical", "topK"], precisions: [] },
    run: (context) => {
      const capabilities = context.backend.sampler.capabilities;
      const calls = anyCall("categorical", capabilities).filter((call) => sizeOf(sampleShapeOf(call)) === 1);
      return forAll(context, fc.tuple(calls, fc.constantFrom(0.3, 1, 4)), async ([call, temperature]) => {
        const { logits, options } = call as CallOf<"categorical">;
        const { axis = -1, key, precision, offset, rowStride } = options;
        const noise = { key, precision, offset, rowStride };
        const base = { axis, ...noise };
        const soft = await runOrFail(context.subject, {
          operation: "gumbelSoftmax",
          logits,
          options: { ...base, temperature },
        });
        const hard = await runOrFail(context.subject, {
          operation: "gumbelSoftmax",
          logits,
          options: { ...base, temperature, hard: true },
        });
        const index = await runOrFail(context.subject, { operation: "categorical", logits, options: base });
        const best = await runOrFail(context.subject, { operation: "topK", logits, k: 1, options: base });
        const plain: CallOf<"categorical"> = { operation: "categorical", logits, options: base };
        for (const row of checkedRows(plain)) {
          const [first, second] = Array.from(row.z).sort((a, b) => b - a);
          if (row.degenerate || first - second < nearTieBound(first)) continue;
          const along = (data: ArrayLike<number>) => argmaxAlong(data, row.start, row.stride, row.z.length);
          const expected = index.values.data[row.index];
          for (const [name, got] of [
            ["the soft sample's largest", along(soft.values.data)],
            ["the hard sample's", along(hard.values.data)],
            ["top-k's first", best.indices!.data[row.index]],
          ] as const) {
            if (got === expected) continue;
            const note = `${name} category is not categorical's`;
            throw new ConformanceFailure("GS-6", { note, call: plain, index: row.index, got, expected });
          }
        }
      });
    },
  },
];

function sampleShapeOf(call: Call): readonly number[] {
  return "sampleShape" in call.options ? (call.options.sampleShape ?? []) : [];
}

function argmaxAlong(data: ArrayLike<number>, start: number, stride: number, length: number): number {
  let best = 0;
  for (let j = 1; j < length; j++) if (data[start + j * stride] > data[start + best * stride]) best = j;
  return best;
}
