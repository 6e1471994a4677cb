// Sizes past what one dispatch, workgroup, texture row or 16-bit counter holds.
import { key } from "../../key.ts";
import { type NdArray, sizeOf } from "../../nd-array.ts";
import type { Call } from "../call.ts";
import { callOn } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall } from "../checks/check.ts";
import { edgesOf, fixedLogits } from "../fixed-logits.ts";

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
  { name: "long-column", shape: [70_001, 2], axis: 0 },
];

const QUICK_SIZES: readonly Size[] = [
  { name: "many-rows", shape: [66_000, 2], axis: -1 },
  { name: "long-row", shape: [1, 66_000], axis: -1 },
  { name: "long-inner", shape: [2, 66_000], axis: 0 },
  { name: "long-both-sides", shape: [60, 2, 70], axis: 1 },
  { name: "uneven-rows", shape: [7, 1031], axis: -1 },
  { name: "long-column", shape: [5_001, 2], axis: 0 },
];

/** Logits whose last category wins in every row, so that a row cut short shows. */
function lastWins({ shape, axis }: Size, seed: number): NdArray {
  const logits = fixedLogits(shape, seed);
  const inner = sizeOf(axis < 0 ? [] : shape.slice(axis + 1));
  const classes = shape.at(axis)!;
  const data = logits.data.map((value, i) => (Math.floor(i / inner) % classes === classes - 1 ? 60 : value));
  return { data, shape };
}

/** So far apart that a float32 overflows where the maximum is that of the rest. */
const SHARED = { edges: 30, rest: -70 };

/** Logits that in every second row are shared by the categories at the edges of blocks: a part of a row is not enough. */
function edgesShare({ shape, axis }: Size, seed: number): NdArray {
  const logits = fixedLogits(shape, seed);
  const inner = sizeOf(axis < 0 ? [] : shape.slice(axis + 1));
  const classes = shape.at(axis)!;
  const edges = new Set(edgesOf(classes));
  const data = logits.data.map((value, i) => {
    const row = Math.floor(i / (classes * inner)) * inner + (i % inner);
    if (row % 2 === 1) return value;
    return edges.has(Math.floor(i / inner) % classes) ? SHARED.edges : value + SHARED.rest;
  });
  return { data, shape };
}

/** Calls that each operation makes at a size; the last one alone in a quick run. */
const CALLS = {
  softmax: (size: Size): Call[] => {
    const { shape, axis } = size;
    return [
      { operation: "softmax", logits: lastWins(size, 71), options: { axis, hard: true } },
      { operation: "softmax", logits: fixedLogits(shape, 71), options: { axis } },
      { operation: "softmax", logits: edgesShare(size, 71), options: { axis } },
    ];
  },
  gumbelSoftmax: (size: Size): Call[] => {
    const { shape, axis } = size;
    const options = { axis, key: key(73) };
    return [
      { operation: "gumbelSoftmax", logits: fixedLogits(shape, 72), options: { ...options, hard: true } },
      { operation: "gumbelSoftmax", logits: lastWins(size, 72), options: { ...options, hard: true } },
      {
        operation: "gumbelSoftmax",
        logits: fixedLogits(shape, 72),
        options: { ...options, temperature: 0.5 },
      },
      { operation: "gumbelSoftmax", logits: edgesShare(size, 72), options },
    ];
  },
  gumbelSoftmaxVjp: (size: Size): Call[] => {
    const { shape, axis } = size;
    const cotangent = fixedLogits(shape, 75, 1);
    const options = { axis, key: key(76) };
    return [fixedLogits(shape, 74), edgesShare(size, 74)].map((logits) => {
      return { operation: "gumbelSoftmaxVjp", logits, cotangent, options };
    });
  },
  softmaxVjp: (size: Size): Call[] => {
    const { shape, axis } = size;
    const cotangent = fixedLogits(shape, 75, 1);
    return [fixedLogits(shape, 74), edgesShare(size, 74)].map((logits) => {
      return { operation: "softmaxVjp", logits, cotangent, options: { axis } };
    });
  },
  categorical: (size: Size): Call[] => {
    const { shape, axis } = size;
    const options = { axis, key: key(78) };
    return [
      { operation: "categorical", logits: fixedLogits(shape, 77), options },
      { operation: "categorical", logits: lastWins(size, 77), options },
    ];
  },
  topK: ({ shape, axis }: Size): Call[] => {
    const logits = fixedLogits(shape, 79);
    const places = shape.at(axis)! > 1000 ? [2, 300] : [2];
    return places.map((k) => ({ operation: "topK", logits, k, options: { axis, key: key(80) } }));
  },
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
          const calls = CALLS[operation](quick ? QUICK_SIZES[i] : size);
          for (const call of quick ? calls.slice(-1) : calls) await checkCall(subject, call);
        },
      }),
    ),
);

/** Many samples of a small tensor: the sample dimensions are sizes too. */
const SAMPLED = { gumbelSoftmax: "GS-1", gumbelSoftmaxVjp: "VJP-1", categorical: "CAT-1" } as const;

export const sampleSizeCases: readonly ConformanceCase[] = (
  Object.keys(SAMPLED) as (keyof typeof SAMPLED)[]
).map(
  (operation): ConformanceCase => ({
    id: `sizes/many-samples-${operation}`,
    kind: "robustness",
    title: `${operation} draws tens of thousands of samples of one row`,
    clauses: ["LOGITS-7", SAMPLED[operation]],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      const sampleShape = quick ? [30, 50] : [330, 200];
      await checkCall(subject, callOn(operation, fixedLogits([4], 81), { key: key(82), sampleShape }));
    },
  }),
);
