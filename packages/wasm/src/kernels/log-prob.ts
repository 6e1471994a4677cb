// logProb: log(softmax(logits/temperature)) at the index of each row, (l − max)/temperature − log Σ exp((lⱼ − max)/temperature).
import { assertIndices, FLT_MAX, type ResolvedLogProb, rowCountOf, rowStartOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { decodedLogProbs } from "./decoded-log-probs.ts";
import { rowNormalizersOf } from "./row-normalizers.ts";

export default function kernel(
  call: ResolvedLogProb,
  { logits, indices }: Inputs<"logits" | "indices">,
): Work {
  const { layout, temperature, decoding } = call;
  const { inner } = layout;
  assertIndices(indices, call);
  return function* (memory) {
    if (decoding !== undefined) {
      const values = yield* decodedLogProbs(memory, logits, indices, layout, decoding);
      return { logProbs: arrayOf(values, call.outputShape) };
    }
    const { max, logSum } = yield* rowNormalizersOf(memory, logits, layout, temperature);
    const rows = rowCountOf(layout);
    const logProbs = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const index = indices[row];
      const logit = index < 0 ? Number.NaN : logits[rowStartOf(layout, row) + index * inner];
      const value = (logit - max[row]) / temperature - logSum[row];
      logProbs[row] = value === Number.NEGATIVE_INFINITY ? value : Math.max(-FLT_MAX, value);
    }
    return { logProbs: arrayOf(logProbs, call.outputShape) };
  };
}
