// Noise given its argmax: that of the definition, separated from the index as the spec says, NaN where there is none.
import type { NdData } from "../../nd-array.ts";
import { FLT_MAX } from "../../numerics.ts";
import { redraw } from "../../reference/redraw.ts";
import type { CallOf } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { type CheckedRow, checkedRows } from "./rows.ts";

type ConditionalCall = CallOf<"conditionalGumbel">;

/** An error this large is no matter of accuracy: the noise is another one. */
const DIFFERENT_NOISE = 2 ** -8;

/** Checks the result of `conditionalGumbel`. */
export function checkConditionalGumbel(call: ConditionalCall, got: NdData): void {
  for (const row of checkedRows(call)) {
    const winner = call.indices.data[row.index];
    const values = Array.from(row.logits, (_, j) => got[row.start + j * row.stride]);
    const isPossible = winner >= 0 && row.logits[winner] !== Number.NEGATIVE_INFINITY;
    if (row.isDegenerate || !isPossible) {
      const at = values.findIndex((value) => !Number.isNaN(value));
      if (at === -1) continue;
      throw new ConformanceFailure(row.isDegenerate ? "LOGITS-3" : "COND-4", {
        note: `row ${row.index} has ${row.isDegenerate ? "no noise, being degenerate" : `no category ${winner} to win`}`,
        call,
        index: row.start + at * row.stride,
        got: values[at],
        expected: Number.NaN,
      });
    }
    checkRow(call, row, winner, values);
  }
}

function checkRow(call: ConditionalCall, row: CheckedRow, winner: number, values: readonly number[]): void {
  const { logits, maximum, temperature, noise } = row;
  const s = logits.map((logit) => (logit - maximum) / temperature);
  const due = redraw(row, winner, temperature);
  const z = s[winner] + due[winner];
  // As a backend gave it: what float32 holds is not enough to win beside logits further apart.
  const isWithin = due[winner] < FLT_MAX * (1 - 2 ** -18);
  const won = isWithin ? s[winner] + values[winner] : Number.POSITIVE_INFINITY;
  for (let j = 0; j < values.length; j++) {
    const value = values[j];
    const index = row.start + j * row.stride;
    const expected = Math.min(FLT_MAX, due[j]);
    const fail = (clause: string, note: string, allowed?: number): never => {
      const details = { call, index, got: value, expected, allowed };
      throw new ConformanceFailure(clause, { note: `row ${row.index}: ${note}`, ...details });
    };
    if (!Number.isFinite(value)) {
      const isExtreme = logits.some((x) => Math.abs(x) > 1e6 && x !== Number.NEGATIVE_INFINITY);
      fail(isExtreme ? "LOGITS-6" : "COND-4", "noise of a finite row is not finite");
    }
    const allowed = 2 ** -18 * Math.max(1, Math.abs(noise[winner]), Math.abs(noise[j]), Math.abs(expected));
    const held = z - s[j] - 2 ** -18 * Math.max(1, Math.abs(z), Math.abs(s[j]));
    const least = j === winner ? expected : Math.min(expected, held);
    if (value > expected + allowed || value < least - allowed) {
      const isOther = Math.abs(value - expected) > Math.max(DIFFERENT_NOISE, 64 * allowed);
      if (isOther) fail(isMasked(row, j) ? "LOGITS-2" : "COND-1", "the noise is another one", allowed);
      fail("COND-3", "the noise is not accurate enough", allowed);
    }
    if (j === winner || isMasked(row, j)) continue;
    const gap = 2 ** -21 * Math.max(1, Math.abs(won), Math.abs(s[j]));
    if (won !== Number.POSITIVE_INFINITY && !(s[j] + value <= won - gap)) {
      fail("COND-2", `category ${winner} must be the argmax, by ${gap} at least`);
    }
  }
}

function isMasked({ logits }: CheckedRow, j: number): boolean {
  return logits[j] === Number.NEGATIVE_INFINITY;
}
