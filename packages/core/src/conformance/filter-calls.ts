// Calls with filters, for the cases about what filters keep and about rows.
import type { FilterName } from "../filters.ts";
import type { NdArray } from "../nd-array.ts";
import { key } from "../random/key.ts";
import type { CallOf } from "./call.ts";
import type { CaseContext, ConformanceCase } from "./case.ts";

/** Options of `categorical`. */
export type FilterOptions = CallOf<"categorical">["options"];

/** A call of `categorical`, under a fixed key unless the options have one. */
export function draw(logits: NdArray, options: FilterOptions): CallOf<"categorical"> {
  return { operation: "categorical", logits, options: { key: key(201), ...options } };
}

/** Every filter, for rows of any length. */
export const EACH_FILTER: readonly FilterOptions[] = [
  { topK: 7 },
  { topP: 0.6 },
  { minP: 0.2 },
  { typicalP: 0.5 },
  { epsilonCutoff: 1e-3 },
  { etaCutoff: 0.05 },
  { topNSigma: 1.2 },
  { topP: 1e-300 },
  { typicalP: 0.4, epsilonCutoff: 0.01, etaCutoff: 0.3 },
  { topK: 50, topP: 0.9, minP: 0.05 },
];

/** Whether a backend declares every filter of some options. */
export function has({ backend }: CaseContext, options: FilterOptions): boolean {
  const { filters = [], perRow } = backend.sampler.capabilities;
  return Object.entries(options).every(
    ([name, value]) =>
      ["key", "temperature", "order", "sampleShape", "axis"].includes(name) ||
      (filters.includes(name as FilterName) && (perRow || typeof value === "number" || name === "mask")),
  );
}

/** One row of logits of two dimensions, alone. */
export function rowOf(logits: NdArray, row: number): NdArray {
  const n = logits.shape.at(-1)!;
  return {
    data: Float32Array.from(logits.data as ArrayLike<number>).slice(row * n, (row + 1) * n),
    shape: [1, n],
  };
}

/** An exact case about `categorical`. */
export function filterCase(
  id: string,
  title: string,
  clauses: readonly string[],
  needs: ConformanceCase["needs"],
  run: (context: CaseContext) => Promise<void>,
): ConformanceCase {
  return {
    id: `filters/${id}`,
    kind: "exact",
    title,
    clauses,
    needs: { operations: ["categorical"], ...needs },
    run,
  };
}
