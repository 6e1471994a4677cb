// Logarithms of soft results: NaN where the row is degenerate, −∞ under a mask and only there, near the reference.
import type { NdData } from "../../nd-array.ts";
import { logSoftmaxOfRow } from "../../reference/rows.ts";
import { type CallOf, drawsNoise } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { nearTieBound, scaledLogitBound } from "./bounds.ts";
import { floatBound } from "./check-floats.ts";
import { checkDegenerate } from "./check-soft.ts";
import { checkedRows } from "./rows.ts";

type SoftCall = CallOf<"gumbelSoftmax"> | CallOf<"softmax">;

/** Checks the result of `gumbelSoftmax` or `softmax` with `log`. */
export function checkLogSoft(call: SoftCall, got: NdData): void {
  const temperature = call.options.temperature ?? 1;
  const isNoisy = drawsNoise(call.operation);
  const clause = isNoisy ? "GS-8" : "SM-3";
  for (const row of checkedRows(call)) {
    if (checkDegenerate(call, row, got)) continue;
    const logs = logSoftmaxOfRow(row.z, temperature);
    const largest = row.z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    for (let j = 0; j < logs.length; j++) {
      const index = row.start + j * row.stride;
      const [value, expected] = [got[index], logs[j]];
      const details = { call, index, got: value, expected };
      if (row.z[j] === Number.NEGATIVE_INFINITY) {
        if (value === expected) continue;
        const note = "the logarithm of a masked category must be −∞";
        throw new ConformanceFailure("LOGITS-2", { ...details, note });
      }
      if (!Number.isFinite(value)) {
        const note = "the logarithm of a category that is not masked must be finite";
        throw new ConformanceFailure(clause, { ...details, note });
      }
      const e = isNoisy
        ? Math.max(nearTieBound(row.z[j]), nearTieBound(largest))
        : scaledLogitBound(row.z[j] - largest);
      const allowed = (2 * e) / temperature + floatBound(expected);
      if (Math.abs(value - expected) <= allowed) continue;
      const note = "a logarithm is not that of the reference";
      throw new ConformanceFailure(clause, { ...details, note, allowed });
    }
  }
}
