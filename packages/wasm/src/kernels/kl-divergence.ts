// klDivergence: Σ p·(ln p − ln q) of each row.
import { FLT_MAX, type ResolvedLogits, rowStartOf, sizeOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { logSumExpOf } from "./log-sum-exp.ts";

export default function kernel(
  call: ResolvedLogits,
  { logits, otherLogits }: Inputs<"logits" | "otherLogits">,
): Work {
  const { layout, outputShape } = call;
  return function* () {
    const divergences = Float32Array.from({ length: sizeOf(outputShape) }, (_, row) => {
      const start = rowStartOf(layout, row);
      const p = logSumExpOf(logits, start, layout, 1);
      const q = logSumExpOf(otherLogits, start, layout, 1);
      // NaN where either is degenerate.
      let sum = (p.max - p.max) * (q.max - q.max);
      const end = start + layout.categories * layout.inner;
      for (let at = start; at < end; at += layout.inner) {
        const log = logits[at] - p.max - p.logSum;
        if (log === Number.NEGATIVE_INFINITY || Number.isNaN(sum)) continue;
        const other = otherLogits[at] - q.max - q.logSum;
        if (other === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
        sum += Math.exp(log) * (Math.max(-FLT_MAX, log) - Math.max(-FLT_MAX, other));
      }
      // It is never negative but for rounding; NaN stays.
      return Math.min(FLT_MAX, Math.max(0, sum));
    });
    return { divergences: arrayOf(divergences, outputShape) };
  };
}
