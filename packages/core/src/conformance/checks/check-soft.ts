// Soft results: NaN where the row is degenerate and only there, 0 under a mask, near the reference, on the simplex.
import type { NdData } from "../../nd-array.ts";
import { type CallOf, drawsNoise } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { type CheckedRow, checkedRows } from "./rows.ts";
import { softRange } from "./soft-range.ts";

type SoftCall = CallOf<"gumbelSoftmax"> | CallOf<"softmax">;

/** GS-5: how far the sum of a row may lie from 1. */
const SUM_BOUND = 2 ** -18;

/** Checks the result of `gumbelSoftmax` or `softmax` without `hard`. */
export function checkSoft(call: SoftCall, got: NdData): void {
  const accuracy = call.operation === "softmax" ? "SM-1" : "GS-4";
  const { temperature } = call.options;
  for (const row of checkedRows(call)) {
    if (checkDegenerate(call, row, got)) continue;
    const { y, below, above } = softRange(row.z, temperature ?? 1, drawsNoise(call.operation));
    let sum = 0;
    for (let j = 0; j < y.length; j++) {
      const index = row.start + j * row.stride;
      const value = got[index];
      const fail = (clause: string, note: string, allowed?: number): never => {
        throw new ConformanceFailure(clause, { note, call, index, got: value, expected: y[j], allowed });
      };
      checkFiniteValue(call, row, j, value);
      if (value < 0 || value > 1) fail("GS-5", "a probability lies outside [0, 1]");
      const allowed = (value < y[j] ? below : above)[j];
      if (Math.abs(value - y[j]) > allowed)
        fail(accuracy, "a soft value is not that of the reference", allowed);
      sum += value;
    }
    if (Math.abs(sum - 1) > SUM_BOUND && y.length > 0) {
      throw new ConformanceFailure("GS-5", {
        note: `row ${row.index} does not sum to 1`,
        call,
        got: sum,
        expected: 1,
        allowed: SUM_BOUND,
      });
    }
  }
}

/** Whether the row is degenerate, after checking that it is all NaN then. */
export function checkDegenerate(call: SoftCall, row: CheckedRow, got: NdData): boolean {
  if (!row.isDegenerate) return false;
  for (let j = 0; j < row.z.length; j++) {
    const index = row.start + j * row.stride;
    if (Number.isNaN(got[index])) continue;
    const note = `row ${row.index} is degenerate, its result must be NaN`;
    throw new ConformanceFailure("LOGITS-3", { note, call, index, got: got[index], expected: Number.NaN });
  }
  return true;
}

/** Checks one value of a healthy row: not NaN or infinite, exactly 0 under a mask. */
export function checkFiniteValue(call: SoftCall, row: CheckedRow, j: number, value: number): void {
  const index = row.start + j * row.stride;
  if (!Number.isFinite(value)) {
    const extreme = row.logits.some((x) => Math.abs(x) > 1e6 && x !== Number.NEGATIVE_INFINITY);
    const note = `row ${row.index} is not degenerate, its result must be finite`;
    throw new ConformanceFailure(extreme ? "LOGITS-6" : "LOGITS-3", { note, call, index, got: value });
  }
  if (row.z[j] === Number.NEGATIVE_INFINITY && value !== 0) {
    const note = "a masked category has a probability";
    throw new ConformanceFailure("LOGITS-2", { note, call, index, got: value, expected: 0 });
  }
}
