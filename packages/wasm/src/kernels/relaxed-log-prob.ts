// relaxedLogProb: ln Γ(n) + (n − 1)·ln τ + Σ ln softmax(logits − τ·logSample) of each row, n counting what is not masked.
import {
  FLT_MAX,
  logGamma,
  type ResolvedRelaxedLogProb,
  rowCountOf,
  rowStartOf,
  sizeOf,
} from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { logSumExpOf } from "./log-sum-exp.ts";

export default function kernel(
  call: ResolvedRelaxedLogProb,
  { logits, logSample }: Inputs<"logits" | "logSample">,
): Work {
  const { layout, temperature, outputShape } = call;
  const { categories, inner } = layout;
  return function* () {
    const scores = new Float64Array(categories);
    const row = { ...layout, inner: 1 };
    const densityOf = (start: number, logitsStart: number): number => {
      if (Number.isNaN(logSumExpOf(logits, logitsStart, layout, 1).max)) return Number.NaN;
      let n = 0;
      for (let j = 0; j < categories; j++) {
        const logit = logits[logitsStart + j * inner];
        const x = logSample[start + j * inner];
        const isMasked = logit === Number.NEGATIVE_INFINITY;
        // Mass where there must be none, and none where there must be some.
        const isOutside = isMasked
          ? x !== Number.NEGATIVE_INFINITY
          : Math.abs(x) === Number.POSITIVE_INFINITY;
        if (isOutside) return Number.NEGATIVE_INFINITY;
        if (!isMasked) n++;
        scores[j] = isMasked ? logit : logit - temperature * x;
      }
      const { max, logSum } = logSumExpOf(scores, 0, row, 1);
      let sum = 0;
      for (const score of scores) if (score !== Number.NEGATIVE_INFINITY) sum += score - max - logSum;
      return Math.max(-FLT_MAX, logGamma(n) + (n - 1) * Math.log(temperature) + sum);
    };
    const rows = rowCountOf(layout);
    const logProbs = Float32Array.from({ length: sizeOf(outputShape) }, (_, index) =>
      densityOf(rowStartOf(layout, index), rowStartOf(layout, index % rows)),
    );
    return { logProbs: arrayOf(logProbs, outputShape) };
  };
}
