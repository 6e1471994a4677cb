// Category indices: −1 in degenerate rows, never a masked one, the reference's but for near-ties.
import type { ResolvedDecoding } from "../../filters.ts";
import type { NdData } from "../../nd-array.ts";
import { argmax } from "../../reference/rows.ts";
import type { CallOf } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";
import { nearTieBound, SMALLEST_NORMAL } from "./bounds.ts";
import { clauseOfRow, type Kept, keptOfRow } from "./kept.ts";
import { type CheckedRow, checkedRows, isExactTie, type LogitsCall } from "./rows.ts";

/** Checks the result of `categorical`. */
export function checkIndices(call: CallOf<"categorical">, got: NdData): void {
  // By row of the logits: filters keep the same of each of its samples.
  const keptOfRows = new Map<number, Kept>();
  for (const row of checkedRows(call)) {
    const chosen = got[row.index];
    const details = { call, index: row.index, got: chosen };
    if (row.isDegenerate) {
      if (chosen === -1) continue;
      const note = `row ${row.index} is degenerate, its index must be -1`;
      throw new ConformanceFailure("LOGITS-3", { ...details, note, expected: -1 });
    }
    if (!Number.isInteger(chosen) || chosen < 0 || chosen >= row.z.length) {
      const note = `an index must lie in [0, ${row.z.length})`;
      const ofNone = row.decoding?.mask === undefined ? "LOGITS-3" : "DEC-7";
      throw new ConformanceFailure(chosen === -1 ? ofNone : "CAT-1", { ...details, note });
    }
    const { temperature, decoding } = row;
    if (temperature === 0) {
      checkLargest(call, row, chosen, decoding === undefined ? "CAT-4" : "DEC-11", row.index);
    } else if (decoding === undefined) checkArgmax(call, row, chosen, "CAT-2", row.index);
    else {
      const kept = keptOfRows.get(row.rowOfLogits) ?? keptOfRow(row, decoding);
      keptOfRows.set(row.rowOfLogits, kept);
      checkKept(call, row, chosen, decoding, kept);
    }
  }
}

/** Checks that a category may be kept by the row's filters, and that none which must be kept beats it. */
function checkKept(
  call: LogitsCall,
  row: CheckedRow,
  chosen: number,
  decoding: ResolvedDecoding,
  { certain, possible }: Kept,
): void {
  const clause = clauseOfRow(row, decoding);
  if (!possible.has(chosen)) {
    const note = `row ${row.index}: a category was picked that is masked or filtered out`;
    throw new ConformanceFailure(clause, { note, call, index: row.index, got: chosen });
  }
  // A chosen one that may be left out is judged as if it were kept.
  const z = row.z.map((value, j) => (certain.has(j) || j === chosen ? value : Number.NEGATIVE_INFINITY));
  checkArgmax(call, { ...row, z }, chosen, clause, row.index);
}

/** Without noise there is no near-tie: comparing logits is exact, but that a subnormal may count as 0. */
export function checkLargest(
  call: LogitsCall,
  { index: row, logits }: CheckedRow,
  chosen: number,
  clause: string,
  index: number,
): void {
  const expected = argmax(logits);
  const flushed = argmax(logits.map((value) => (Math.abs(value) < SMALLEST_NORMAL ? 0 : value)));
  if (chosen === expected || chosen === flushed) return;
  const isTie = logits[chosen] === logits[expected];
  const note = `row ${row}: ${isTie ? "an exact tie must go to the lowest index" : "another logit is larger"}`;
  throw new ConformanceFailure(clause, { note, call, index, got: chosen, expected });
}

/**
 * Checks that a category is the argmax of its row, or as near to it as the near-tie rule allows. Equal logits with equal
 * noise are an exact tie, which goes to the lowest index.
 */
export function checkArgmax(
  call: LogitsCall,
  row: CheckedRow,
  chosen: number,
  clause: string,
  index: number,
): void {
  const { z } = row;
  let best = 0;
  for (let j = 1; j < z.length; j++) if (z[j] > z[best]) best = j;
  if (chosen === best) return;
  const details = { call, index, got: chosen, expected: best };
  if (z[chosen] === Number.NEGATIVE_INFINITY) {
    throw new ConformanceFailure("LOGITS-2", { ...details, note: "a masked category was picked" });
  }
  if (isExactTie(row, chosen, best)) {
    throw new ConformanceFailure(clause, { ...details, note: "an exact tie must go to the lowest index" });
  }
  if (z[best] - z[chosen] < nearTieBound(z[best])) return;
  const gap = z[best] - z[chosen];
  const note = `row ${row.index}: another category was picked, whose perturbed logit is ${gap} below the best`;
  throw new ConformanceFailure(clause, { ...details, note });
}
