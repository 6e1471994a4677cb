// Sizes past what one dispatch, workgroup, texture row or 16-bit counter holds.

import { sizeOf } from "../../layout.ts";
import type { NdArray } from "../../nd-array.ts";
import { key } from "../../random/key.ts";
import { DEFINITIONS } from "../../spec/clauses.ts";
import { type Call, hasOption } from "../call.ts";
import { type AnyOptions, callOn, ON_LOGITS, type OnLogits } from "../call-on.ts";
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
  const categories = shape.at(axis)!;
  const data = logits.data.map((value, i) =>
    Math.floor(i / inner) % categories === categories - 1 ? 60 : value,
  );
  return { data, shape };
}

/** So far apart that a float32 overflows where the maximum is that of the rest. */
const SHARED = { edges: 30, rest: -70 };

/** Logits that in every second row are shared by the categories at the edges of blocks: a part of a row is not enough. */
function edgesShare({ shape, axis }: Size, seed: number): NdArray {
  const logits = fixedLogits(shape, seed);
  const inner = sizeOf(axis < 0 ? [] : shape.slice(axis + 1));
  const categories = shape.at(axis)!;
  const edges = new Set(edgesOf(categories));
  const data = logits.data.map((value, i) => {
    const row = Math.floor(i / (categories * inner)) * inner + (i % inner);
    if (row % 2 === 1) return value;
    return edges.has(Math.floor(i / inner) % categories) ? SHARED.edges : value + SHARED.rest;
  });
  return { data, shape };
}

/** Calls that an operation makes at a size; the last one alone in a quick run. */
function callsOf(operation: OnLogits, size: Size): Call[] {
  const { shape, axis } = size;
  const on = (logits: NdArray, options: AnyOptions = {}) =>
    callOn(operation, logits, { axis, key: key(73), ...options });
  const plain = fixedLogits(shape, 72);
  const call = on(plain);
  if ("k" in call) {
    const places = shape.at(axis)! > 1000 ? [2, 300] : [2];
    return places.map((k) => ({ ...call, k }));
  }
  if (operation === "categorical") return [call, on(lastWins(size, 77))];
  const isSample = hasOption(operation, "hard") && !("cotangent" in call);
  const hard = isSample ? [on(plain, { hard: true }), on(lastWins(size, 72), { hard: true })] : [];
  return [...hard, on(plain, { temperature: 0.5 }), on(edgesShare(size, 72))];
}

export const sizeCases: readonly ConformanceCase[] = ON_LOGITS.flatMap((operation) =>
  SIZES.map(
    (size, i): ConformanceCase => ({
      id: `sizes/${size.name}-${operation}`,
      kind: "robustness",
      title: `${operation} of [${size.shape}] along ${size.axis} is as right as that of a small tensor`,
      clauses: ["LOGITS-7"],
      needs: { operations: [operation] },
      async run({ subject, quick }) {
        for (const call of callsOf(operation, QUICK_SIZES[i]).slice(-1)) await checkCall(subject, call);
        for (const call of quick ? [] : callsOf(operation, size)) await checkCall(subject, call);
      },
    }),
  ),
);

/** Many samples of a small tensor: the sample dimensions are sizes too. */
export const sampleSizeCases: readonly ConformanceCase[] = ON_LOGITS.filter((operation) =>
  hasOption(operation, "sampleShape"),
).map(
  (operation): ConformanceCase => ({
    id: `sizes/many-samples-${operation}`,
    kind: "robustness",
    title: `${operation} draws tens of thousands of samples of one row`,
    clauses: ["LOGITS-7", DEFINITIONS[operation]],
    needs: { operations: [operation] },
    async run({ subject, quick }) {
      const sampleShape = quick ? [30, 50] : [330, 200];
      await checkCall(subject, callOn(operation, fixedLogits([4], 81), { key: key(82), sampleShape }));
    },
  }),
);
