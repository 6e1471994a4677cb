// Every operation against the reference on random calls, and the operations against one another at one key.

import fc from "fast-check";
import { sizeOf } from "../../layout.ts";
import type { ResolvedCategorical } from "../../operations/categorical.ts";
import type { Key } from "../../random/key.ts";
import { DEFINITIONS } from "../../spec/clauses.ts";
import { anyCall } from "../arbitrary.ts";
import type { CallOf } from "../call.ts";
import { callOn, ON_LOGITS, type OnLogits, resolvedOf } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { nearTieBound } from "../checks/bounds.ts";
import { checkCall, runOrFail } from "../checks/check.ts";
import { checkedRows } from "../checks/rows.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits } from "../fixed-logits.ts";
import { forAll } from "../property.ts";

/** Clauses about logits that any operation on them may break. */
const ON_ANY_LOGITS = ["LOGITS-1", "LOGITS-2", "LOGITS-3", "LOGITS-6"];

/** Clauses about filters and values by row. */
const FILTERED = ["DEC-1", "DEC-3", "DEC-4", "DEC-5", "DEC-6", "DEC-7", "DEC-8"];

/** Clauses that a random call can find broken, beside that of the operation's definition and those about logits. */
const CLAUSES: { readonly [O in OnLogits]?: readonly string[] } = {
  gumbelSoftmax: ["GS-2", "GS-3", "GS-4", "GS-5", "GS-6", "GS-8"],
  softmax: ["SM-2", "SM-3", "GS-3", "GS-5"],
  gumbelSoftmaxVjp: ["VJP-3", "VJP-4", "VJP-6", "EST-2", "EST-3", "EST-4", "EST-5", "EST-6"],
  softmaxVjp: ["VJP-3", "VJP-4", "VJP-6"],
  categorical: ["CAT-2", "CAT-4", ...FILTERED, "DEC-9", "DEC-11"],
  gumbelTopK: ["TOPK-2", "TOPK-3"],
  logProb: ["LOGP-2", "LOGP-3", ...FILTERED, "DEC-12"],
  conditionalGumbel: ["COND-2", "COND-3", "COND-4"],
  klDivergence: ["KL-2"],
  relaxedLogProb: ["RLP-2", "RLP-3"],
};

/** Different sides, equal ones, which an exchange of axes leaves in shape, and sides of 1, which squeezing moves. */
const HIGH_RANKS = [
  [2, 1, 2, 3, 1, 2],
  [2, 2, 1, 2, 2, 1, 2],
  [2, 3, 1, 4, 2],
  [2, 2, 2, 2, 2],
  [3, 3, 3, 3],
  [1, 3, 3, 1],
];

export const agreementCases: readonly ConformanceCase[] = [
  ...ON_LOGITS.map(
    (operation): ConformanceCase => ({
      id: `reference/${operation}`,
      kind: "property",
      title: `${operation} of any logits and options is the reference's, near-ties aside`,
      clauses: [DEFINITIONS[operation], ...(CLAUSES[operation] ?? []), ...ON_ANY_LOGITS],
      needs: { operations: [operation], precisions: [] },
      run: (context) =>
        forAll(context, anyCall(operation, context.backend.sampler.capabilities), async (call) => {
          await checkCall(context.subject, call);
        }),
    }),
  ),
  ...ON_LOGITS.map(
    (operation): ConformanceCase => ({
      id: `reference/rank-5-${operation}`,
      kind: "exact",
      title: `${operation} works along every axis of four to seven dimensions, also of equal ones and ones of 1`,
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
    needs: { operations: ["gumbelSoftmax", "categorical", "gumbelTopK"], precisions: [] },
    run: (context) => {
      const capabilities = context.backend.sampler.capabilities;
      const calls = anyCall("categorical", capabilities).filter((call) => {
        const { sampleShape, temperature } = call.options;
        const { decoding } = resolvedOf(call) as ResolvedCategorical;
        return sizeOf(sampleShape ?? []) === 1 && (temperature ?? 1) === 1 && decoding === undefined;
      });
      return forAll(context, fc.tuple(calls, fc.constantFrom(0.3, 1, 4)), async ([call, temperature]) => {
        const { logits, options } = call;
        const { axis, precision, offset, rowStride } = options;
        const noise = { key: options.key as Key, precision, offset, rowStride };
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
        const best = await runOrFail(context.subject, {
          operation: "gumbelTopK",
          logits,
          k: 1,
          options: base,
        });
        const plain: CallOf<"categorical"> = { operation: "categorical", logits, options: base };
        for (const row of checkedRows(plain)) {
          const [first, second] = largestTwo(row.z);
          if (row.isDegenerate || first - second < nearTieBound(first)) continue;
          const along = (data: ArrayLike<number>) => argmaxAlong(data, row.start, row.stride, row.z.length);
          const expected = index[0].data[row.index];
          for (const [name, got] of [
            ["the soft sample's largest", along(soft[0].data)],
            ["the hard sample's", along(hard[0].data)],
            ["top-k's first", best[1].data[row.index]],
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

function argmaxAlong(data: ArrayLike<number>, start: number, stride: number, length: number): number {
  let best = 0;
  for (let j = 1; j < length; j++) if (data[start + j * stride] > data[start + best * stride]) best = j;
  return best;
}

/** The largest value and the next, which may equal it. */
function largestTwo(values: Float64Array): [number, number] {
  let [largest, next] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let j = 0; j < values.length; j++) {
    if (values[j] > largest) [largest, next] = [values[j], largest];
    else if (values[j] > next) next = values[j];
  }
  return [largest, next];
}
