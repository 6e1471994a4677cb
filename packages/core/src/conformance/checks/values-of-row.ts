// A call whose rows have values of their own, made one whose rows all have those of one row.
import { isPerRow } from "../../filters.ts";
import { rowCountOf } from "../../layout.ts";
import type { ResolvedCategorical } from "../../operations/categorical.ts";
import type { Call } from "../call.ts";
import { resolvedOf } from "../call-on.ts";

/**
 * The call with the temperature, filters and mask of one row for all of them.
 *
 * @param index of the row's result: counts the rows of all samples
 * @returns undefined where no value differs from row to row
 */
export function callWithValuesOfRow(call: Call, index: number): Call | undefined {
  const { layout, decoding } = resolvedOf(call) as ResolvedCategorical;
  const row = index % rowCountOf(layout);
  let isByRow = false;
  const options = Object.entries(call.options as Record<string, unknown>).map(([name, value]) => {
    if (name === "mask" && decoding?.mask !== undefined) {
      const { mask, wordsPerRow } = decoding;
      if (mask.length === wordsPerRow) return [name, value];
      isByRow = true;
      return [name, mask.slice(row * wordsPerRow, (row + 1) * wordsPerRow)];
    }
    if (name === "key" || name === "sampleShape" || !isPerRow(value)) return [name, value];
    isByRow = true;
    return [name, value[row]];
  });
  return isByRow ? ({ ...call, options: Object.fromEntries(options) } as Call) : undefined;
}
