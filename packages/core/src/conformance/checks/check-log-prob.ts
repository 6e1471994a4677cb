// Log-probabilities: the reference's, and with filters within what their doubt leaves open.
import { FLT_MAX } from "../../numerics.ts";
import type { CallOf, Result } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { checkFloats, floatBound } from "./check-floats.ts";
import { clauseOfRow, keptOfRow } from "./kept.ts";
import { checkedRows } from "./rows.ts";

/** Checks the result of `logProb`. */
export function checkLogProb(call: CallOf<"logProb">, got: Result, expected: Result): void {
  for (const row of checkedRows(call)) {
    const { index, decoding } = row;
    if (decoding === undefined) {
      checkFloats(call, got, expected);
      return;
    }
    const value = got[0].data[index];
    const category = call.indices.data[index];
    const details = { call, index, got: value, expected: expected[0].data[index] };
    if (row.isDegenerate || category === -1) {
      if (Number.isNaN(value)) continue;
      const clause = row.isDegenerate ? "LOGITS-3" : "LOGP-2";
      throw new ConformanceFailure(clause, { ...details, note: "the value must be NaN" });
    }
    const { certain, possible } = keptOfRow(row, decoding);
    if (value === Number.NEGATIVE_INFINITY && !certain.has(category)) continue;
    const normalizer = (kept: ReadonlySet<number>) =>
      Math.log([...kept].reduce((sum, j) => sum + Math.exp(row.z[j]), 0));
    const clamp = (exact: number) => Math.max(-FLT_MAX, exact);
    const least = clamp(row.z[category] - normalizer(possible));
    const most = clamp(row.z[category] - normalizer(certain));
    const isNear = value >= least - floatBound(least) && value <= most + floatBound(most);
    if (isNear && possible.has(category)) continue;
    const note = `row ${index}: a log-probability among what its filters keep is wrong`;
    const clause = clauseOfRow(row, decoding);
    const isOrder = clause === "DEC-1" || clause === "DEC-8";
    throw new ConformanceFailure(isOrder ? clause : "DEC-12", { ...details, note });
  }
}
