// Hard results: exactly one 1 and otherwise 0, at a category that the near-tie rule allows.
import type { NdData } from "../../nd-array.ts";
import type { CallOf } from "../call.ts";
import { ConformanceFailure } from "../failure.ts";

import { checkArgmax, checkLargest } from "./check-indices.ts";
import { checkDegenerate, checkFiniteValue } from "./check-soft.ts";
import { checkedRows } from "./rows.ts";

/** Checks the result of `gumbelSoftmax` or `softmax` with `hard`. */
export function checkHard(call: CallOf<"gumbelSoftmax"> | CallOf<"softmax">, got: NdData): void {
  const clause = call.operation === "softmax" ? "SM-2" : "GS-2";
  for (const row of checkedRows(call)) {
    if (checkDegenerate(call, row, got)) continue;
    let hot = -1;
    for (let j = 0; j < row.z.length; j++) {
      const index = row.start + j * row.stride;
      const value = got[index];
      checkFiniteValue(call, row, j, value);
      if (value !== 0 && value !== 1) {
        throw new ConformanceFailure(clause, {
          note: "a hard value is neither 0 nor 1",
          call,
          index,
          got: value,
        });
      }
      if (value === 0) continue;
      if (hot !== -1)
        throw new ConformanceFailure(clause, { note: `row ${row.index} holds two ones`, call, index });
      hot = j;
    }
    if (row.z.length === 0) continue;
    if (hot === -1) {
      const index = row.start;
      throw new ConformanceFailure(clause, { note: `row ${row.index} holds no 1`, call, index });
    }
    const index = row.start + hot * row.stride;
    if (call.operation === "softmax") checkLargest(call, row, hot, "SM-2", index);
    else checkArgmax(call, row, hot, "GS-6", index);
  }
}
