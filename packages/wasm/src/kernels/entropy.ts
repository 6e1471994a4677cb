// entropy: log Σ exp(x) − Σ exp(x)·x / Σ exp(x) of each row, x being (logits − max)/temperature.
import { type ResolvedEntropy, rowStartOf, sizeOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { logSumExpOf } from "./log-sum-exp.ts";

export default function kernel(call: ResolvedEntropy, { logits }: Inputs<"logits">): Work {
  const { layout, temperature, outputShape } = call;
  const { categories, inner } = layout;
  return function* () {
    const entropies = Float32Array.from({ length: sizeOf(outputShape) }, (_, row) => {
      const start = rowStartOf(layout, row);
      const { max, logSum } = logSumExpOf(logits, start, layout, temperature);
      let mean = 0;
      for (let at = start; at < start + categories * inner; at += inner) {
        const x = (logits[at] - max) / temperature;
        // A mask is 0·(−∞) = 0.
        if (x !== Number.NEGATIVE_INFINITY) mean += Math.exp(x - logSum) * x;
      }
      return logSum - mean;
    });
    return { entropies: arrayOf(entropies, outputShape) };
  };
}
