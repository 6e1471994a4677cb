// Top-k: distinct categories, descending perturbed logits, the reference's but for near-ties.
import type { NdData } from "../../nd-array.ts";
import { FLT_MAX } from "../../numerics.ts";
import type { CallOf } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { nearTieBound, valueBound } from "./bounds.ts";
import { type CheckedRow, checkedRows, isExactTie } from "./rows.ts";

/** Checks values and indices of `gumbelTopK`. */
export function checkGumbelTopK(call: CallOf<"gumbelTopK">, values: NdData, indices: NdData): void {
  for (const row of checkedRows(call)) {
    const picked = new Set<number>();
    const order = Array.from(row.z.keys()).sort((a, b) => row.z[b] - row.z[a] || a - b);
    const temperature = call.options.temperature ?? 1;
    // Where row (outer, inner) starts in a result whose axis has length k.
    const inner = row.stride;
    const start = Math.floor(row.index / inner) * call.k * inner + (row.index % inner);
    let previous: number | undefined;
    for (let place = 0; place < call.k; place++) {
      const at = start + place * inner;
      checkPlace(call, row, order[place], values[at], indices[at], at, temperature);
      const index = indices[at];
      if (index < 0) continue;
      if (picked.has(index)) {
        throw new ConformanceFailure("TOPK-2", {
          note: `row ${row.index} picks a category twice`,
          call,
          index: at,
        });
      }
      picked.add(index);
      if (previous !== undefined && !isDescending(row, values, at, index, previous, indices[previous])) {
        throw new ConformanceFailure("TOPK-1", {
          note: `row ${row.index} is not in descending order`,
          call,
          index: at,
          got: values[at],
          expected: values[previous],
        });
      }
      if (previous !== undefined && isExactTie(row, index, indices[previous]) && index < indices[previous]) {
        throw new ConformanceFailure("TOPK-2", {
          note: "an exact tie must go to the lower index first",
          call,
          index: at,
        });
      }
      previous = at;
    }
  }
}

/** Whether a value is no larger than the one before it; near-ties may stand the other way round. */
function isDescending(
  { z }: CheckedRow,
  values: NdData,
  at: number,
  category: number,
  previous: number,
  categoryBefore: number,
): boolean {
  const allowed = Math.max(
    nearTieBound(z[category]),
    nearTieBound(z[categoryBefore]),
    nearTieBound(values[at]),
  );
  return values[at] - values[previous] <= allowed;
}

/** Checks one place of a row: `best` is the category that the reference puts there. */
function checkPlace(
  call: CallOf<"gumbelTopK">,
  row: CheckedRow,
  best: number,
  value: number,
  category: number,
  at: number,
  temperature: number,
): void {
  const { z } = row;
  const fail = (clause: string, note: string, got: number, expected: number): never => {
    throw new ConformanceFailure(clause, {
      note: `row ${row.index}: ${note}`,
      call,
      index: at,
      got,
      expected,
    });
  };
  if (row.isDegenerate) {
    if (category !== -1) fail("LOGITS-3", "the index in a degenerate row must be -1", category, -1);
    if (!Number.isNaN(value))
      fail("LOGITS-3", "the value in a degenerate row must be NaN", value, Number.NaN);
    return;
  }
  if (z[best] === Number.NEGATIVE_INFINITY) {
    if (category !== -1) fail("TOPK-3", "no category is left, the index must be -1", category, -1);
    if (value !== Number.NEGATIVE_INFINITY)
      fail("TOPK-3", "no category is left", value, Number.NEGATIVE_INFINITY);
    return;
  }
  if (!Number.isInteger(category) || category < 0 || category >= z.length) {
    fail("TOPK-1", `an index must lie in [0, ${z.length})`, category, best);
  }
  const bound = nearTieBound(z[best]);
  if (z[category] === Number.NEGATIVE_INFINITY)
    fail("LOGITS-2", "a masked category was picked", category, best);
  if (category !== best && Math.abs(z[category] - z[best]) >= bound) {
    fail("TOPK-1", "another category stands at this place", category, best);
  }
  const due = Math.min(FLT_MAX, Math.max(-FLT_MAX, row.logits[category] / temperature + row.noise[category]));
  // Written so that NaN fails.
  if (!(Math.abs(value - due) <= valueBound(row.logits[category] / temperature, row.noise[category]))) {
    fail("TOPK-2", "the value is not the perturbed logit of its index", value, due);
  }
}
