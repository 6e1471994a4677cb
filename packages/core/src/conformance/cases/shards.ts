// Shards: part of a larger tensor, computed alone, is that part of the whole; shards of a vocabulary merge exactly.

import type { NdArray } from "../../nd-array.ts";
import { key } from "../../random/key.ts";
import { argmax } from "../../reference/rows.ts";
import { type Call, drawsNoise, inputNamesOf, tensorsOf } from "../call.ts";
import { callOn, ON_LOGITS } from "../call-on.ts";
import type { ConformanceCase } from "../case.ts";
import { checkCall, checkResult, runOrFail } from "../checks/check.ts";
import { ConformanceFailure } from "../failure.ts";
import { fixedLogits } from "../fixed-logits.ts";
import { firstDifference } from "../same-data.ts";

const ROWS = 12;
const CATEGORIES = 50;

export const shardCases: readonly ConformanceCase[] = [
  ...ON_LOGITS.filter(drawsNoise).map(
    (operation): ConformanceCase => ({
      id: `shards/rows-${operation}`,
      kind: "exact",
      title: `${operation} of some rows with their offset is that part of the whole`,
      clauses: ["BITS-4", "BITS-3"],
      needs: { operations: [operation], sharding: true },
      async run({ subject }) {
        const whole = fixedLogits([ROWS, CATEGORIES], 41);
        for (const base of [0, 2 ** 32 - 70, 2 ** 40 + 3]) {
          const all = await checkCall(subject, callOn(operation, whole, { key: key(43), offset: base }));
          for (const [first, count] of [
            [0, 5],
            [5, 7],
            [11, 1],
          ]) {
            const call = cutRows(
              callOn(operation, whole, { key: key(43), offset: base + first * CATEGORIES }),
              first,
              count,
            );
            const part = await runOrFail(subject, call);
            const expected = all.map((array, i) => {
              const width = array.data.length / ROWS;
              return { data: slice(array, first * width, (first + count) * width), shape: part[i].shape };
            });
            checkResult(call, part, expected);
          }
        }
      },
    }),
  ),
  {
    id: "shards/vocabulary",
    kind: "exact",
    title: "the largest of the shards' largest perturbed logits is to the last bit the unsharded sample",
    clauses: ["BITS-4", "BITS-3", "TOPK-1"],
    needs: { operations: ["gumbelTopK", "categorical"], sharding: true },
    async run({ subject }) {
      const [rows, categories] = [9, 1000];
      const whole = fixedLogits([rows, categories], 44);
      const options = { key: key(45) };
      const [sample] = await checkCall(subject, {
        operation: "categorical",
        logits: whole,
        options,
      });
      const cuts = [0, 1, 400, 401, 777, categories];
      const shards: { values: ArrayLike<number>; indices: ArrayLike<number>; first: number }[] = [];
      for (let s = 0; s + 1 < cuts.length; s++) {
        const [first, width] = [cuts[s], cuts[s + 1] - cuts[s]];
        const data = Float32Array.from(
          { length: rows * width },
          (_, i) => whole.data[Math.floor(i / width) * categories + first + (i % width)],
        );
        const place = { ...options, offset: first, rowStride: categories };
        const call: Call = {
          operation: "gumbelTopK",
          logits: { data, shape: [rows, width] },
          k: 1,
          options: place,
        };
        const [values, indices] = await checkCall(subject, call);
        shards.push({ values: values.data, indices: indices.data, first });
      }
      const merged = Array.from({ length: rows }, (_, row) => {
        const best = shards[argmax(Float64Array.from(shards, ({ values }) => values[row]))];
        return best.first + best.indices[row];
      });
      const index = firstDifference(sample.data, merged);
      if (index === undefined) return;
      const details = { index, got: merged[index], expected: sample.data[index] };
      throw new ConformanceFailure("BITS-4", {
        note: "merged shards give another sample than the whole",
        ...details,
      });
    },
  },
];

function slice({ data }: NdArray, from: number, to: number): number[] {
  return Array.from(data as ArrayLike<number>).slice(from, to);
}

/** The call on rows [first, first + count) of its tensors. */
function cutRows(call: Call, first: number, count: number): Call {
  const cut = (array: NdArray) => {
    // Of floats a row of categories, of indices one.
    const width = array.data.length / ROWS;
    return {
      data: slice(array, first * width, (first + count) * width),
      shape: [count, ...array.shape.slice(1)],
    };
  };
  const inputs = inputNamesOf(call).map((name, i) => [name, cut(tensorsOf<NdArray>(call)[i])]);
  return { ...call, ...Object.fromEntries(inputs) };
}
