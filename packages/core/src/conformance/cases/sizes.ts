// Sizes past what one dispatch, workgroup, texture row or 16-bit counter holds.
import { key } from "../../key.ts";
import type { Call } from "../call.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall } from "../checks/check.ts";
import { fixedLogits } from "../fixed-logits.ts";

interface Size {
  readonly name: string;
  readonly shape: readonly number[];
  readonly axis: number;
}

/** 65,535 is WebGPU's limit of workgroups in a dimension; 151,936 a language model's vocabulary. */
const SIZES: readonly Size[] = [
  { name: "many-rows", shape: [66_000, 3], axis: -1 },
  { name: "long-row", shape: [1, 151_936], axis: -1 },
  { name: "long-inner", shape: [3, 66_000], axis: 0 },
  { name: "long-both-sides", shape: [300, 2, 130], axis: 1 },
  { name: "uneven-rows", shape: [37, 1031], axis: -1 },
];

const QUICK_SIZES: readonly Size[] = [
  { name: "many-rows", shape: [4_100, 3], axis: -1 },
  { name: "long-row", shape: [1, 9_001], axis: -1 },
  { name: "long-inner", shape: [3, 4_100], axis: 0 },
  { name: "long-both-sides", shape: [30, 2, 70], axis: 1 },
  { name: "uneven-rows", shape: [7, 1031], axis: -1 },
];

/** Calls that each operation makes at a size. */
const CALLS = {
  softmax: ({ shape, axis }: Size): Call[] => [
    { operation: "softmax", logits: fixedLogits(shape, 71), options: { axis } },
    { operation: "softmax", logits: fixedLogits(shape, 71), options: { axis, hard: true } },
  ],
  gumbelSoftmax: ({ shape, axis }: Size): Call[] => [
    {
      operation: "gumbelSoftmax",
      logits: fixedLogits(shape, 72),
      options: { axis, key: key(73), temperature: 0.5 },
    },
    {
      operation: "gumbelSoftmax",
      logits: fixedLogits(shape, 72),
      options: { axis, key: key(73), hard: true },
    },
  ],
  gumbelSoftmaxVjp: ({ shape, axis }: Size): Call[] => {
    const cotangent = fixedLogits(shape, 75, 1);
    return [
      {
        operation: "gumbelSoftmaxVjp",
        logits: fixedLogits(shape, 74),
        cotangent,
        options: { axis, key: key(76) },
      },
    ];
  },
  softmaxVjp: ({ shape, axis }: Size): Call[] => [
    {
      operation: "softmaxVjp",
      logits: fixedLogits(shape, 74),
      cotangent: fixedLogits(shape, 75, 1),
      options: { axis },
    },
  ],
  categorical: ({ shape, axis }: Size): Call[] => [
    { operation: "categorical", logits: fixedLogits(shape, 77), options: { axis, key: key(78) } },
  ],
  topK: ({ shape, axis }: Size): Call[] => [
    { operation: "topK", logits: fixedLogits(shape, 79), k: 2, options: { axis, key: key(80) } },
    ...(shape.at(axis)! > 1000
      ? [
          {
            operation: "topK",
            logits: fixedLogits(shape, 79),
            k: 300,
            options: { axis, key: key(80) },
          } as Call,
        ]
      : []),
  ],
} as const;

export const sizeCases: readonly ConformanceCase[] = (Object.keys(CALLS) as (keyof typeof CALLS)[]).flatMap(
  (operation) =>
    SIZES.map(
      (size, i): ConformanceCase => ({
        id: `sizes/${size.name}-${operation}`,
        kind: "robustness",
        title: `${operation} of [${size.shape}] along ${size.axis} is as right as that of a small tensor`,
        clauses: ["LOGITS-7"],
        needs: { operations: [operation] },
        async run({ subject, quick }) {
          for (const call of CALLS[operation](quick ? QUICK_SIZES[i] : size)) await checkCall(subject, call);
        },
      }),
    ),
);

/** Many samples of a small tensor: the sample dimensions are sizes too. */
export const sampleSizeCases: readonly ConformanceCase[] = (["gumbelSoftmax", "categorical"] as const).map(
  (operation): ConformanceCase => ({
    id: `sizes/many-samples-${operation}`,
    kind: "robustness",
    title: `${operation} draws tens of thousands of samples of one row`,
    clauses: ["LOGITS-7", operation === "categorical" ? "CAT-1" : "GS-1"],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      const sampleShape = quick ? [30, 50] : [330, 200];
      const logits = fixedLogits([4], 81);
      await checkCall(subject, { operation, logits, options: { key: key(82), sampleShape } } as Call);
    },
  }),
);
