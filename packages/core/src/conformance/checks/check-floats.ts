// Float results of an operation that has no check of its own: NaN and infinities where the reference has them, and
// otherwise near it.
import { DEFINITIONS } from "../../spec/clauses.ts";
import { type Call, hasOption, type Result } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { type LogitsCall, rowAt } from "./rows.ts";

/** How far a value may lie from the reference's: float32's rounding of a few steps. */
export function floatBound(value: number): number {
  return Number.isFinite(value) ? 2 ** -20 * Math.max(1, Math.abs(value)) : 0;
}

/**
 * Checks every float result of a call against the reference.
 *
 * @param boundOf how far a result, of a value and a flat index, may lie from it
 */
export function checkFloats(
  call: Call,
  got: Result,
  expected: Result,
  boundOf: (value: number, index: number) => number = floatBound,
): void {
  for (const [i, { data, shape }] of expected.entries()) {
    for (let index = 0; index < data.length; index++) {
      const [value, due] = [got[i].data[index], data[index]];
      const allowed = boundOf(due, index);
      // NaN differs from itself, and infinities by NaN.
      if (Object.is(value, due) || Math.abs(value - due) <= allowed) continue;
      const details = { call, index, shape, got: value, expected: due, allowed };
      throw new ConformanceFailure(clauseOf(call, index, value, due), {
        ...details,
        note: "a value is not that of the reference",
      });
    }
  }
}

/** The clause that a wrong value breaks: that of degenerate rows, of large logits or of masks, or the operation's own. */
function clauseOf(call: Call, index: number, value: number, due: number): string {
  if (!("logits" in call && hasOption(call.operation, "axis"))) return DEFINITIONS[call.operation];
  if (due === Number.NEGATIVE_INFINITY) return "LOGITS-2";
  if (due === Number.POSITIVE_INFINITY && call.operation === "klDivergence") return "KL-2";
  if (!Number.isNaN(due) && !Number.isNaN(value)) return DEFINITIONS[call.operation];
  const others = "otherLogits" in call ? [call.otherLogits] : [];
  const rows = [call.logits, ...others].map((logits) => rowAt({ ...call, logits } as LogitsCall, index));
  if (rows.some(({ isDegenerate }) => isDegenerate)) return "LOGITS-3";
  const isLarge = rows.some(({ logits }) => logits.some((x) => Number.isFinite(x) && Math.abs(x) > 1e6));
  return isLarge && Number.isFinite(due) ? "LOGITS-6" : DEFINITIONS[call.operation];
}
