// The rows of a call as the checks see them: perturbed logits of the reference, and where each row stands.
import { type ResolvedDecoding, valueOfRow } from "../../filters.ts";
import type { NdArray } from "../../nd-array.ts";
import { perturb, type Row, rowsOf } from "../../reference/rows.ts";
import type { ResolvedLogits, ResolvedNoise } from "../../resolve.ts";
import { type Call, type CallOf, hasOption } from "../call.ts";
import { type OnLogits, resolvedOf } from "../call-on.ts";

/** Any call that reads logits. */
export type LogitsCall = CallOf<OnLogits>;

/** One row of a call. Element `j` stands at `start + j·stride` in the noise and in results that keep the axis. */
export interface CheckedRow extends Row {
  /**
   * Perturbed logits of the reference less the row's largest logit, so that logits of any size leave the noise its digits.
   * Divided by the temperature where that divides the logits alone; without noise where the operation draws none.
   */
  readonly z: Float64Array;
  /** τ of the row. */
  readonly temperature: number;
  /** Filters, and what differs from row to row, of the call. */
  readonly decoding: ResolvedDecoding | undefined;
}

/** Walks the rows of a call with the reference's perturbed logits. What a row holds is overwritten by the next, but for `z`. */
export function* checkedRows(call: LogitsCall): Generator<CheckedRow> {
  const resolved = resolvedOf(call as Call) as ResolvedLogits & {
    readonly noise?: ResolvedNoise;
    readonly temperature?: number;
    readonly decoding?: ResolvedDecoding;
  };
  const { decoding, noise } = resolved;
  // A soft operation divides logits and noise: its z is at temperature 1.
  const ofCall = hasOption(call.operation, "hard") ? 1 : (resolved.temperature ?? 1);
  for (const row of rowsOf(call.logits as NdArray, resolved, noise, decoding)) {
    const temperature = decoding === undefined ? ofCall : valueOfRow(decoding.temperature, row.rowOfLogits);
    // A spread would cost a microsecond a row on Node 20.
    yield Object.assign(row, { z: perturb(row, temperature), temperature, decoding });
  }
}

/** One row of a call, by its index. */
export function rowAt(call: LogitsCall, index: number): CheckedRow {
  for (const row of checkedRows(call)) if (row.index === index) return row;
  throw new RangeError(`no row ${index}`);
}

/** Whether two categories of a row are an exact tie: of the same logit and the same noise. */
export function isExactTie({ logits, noise }: Row, a: number, b: number): boolean {
  return logits[a] === logits[b] && noise[a] === noise[b];
}
