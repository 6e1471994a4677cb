// relaxedBernoulliLogProb: ln τ − |d| − 2·ln(1 + e^−|d|) with d = logits − τ·sampleLogits, element by element.
import { FLT_MAX, type ResolvedElements } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";

export default function kernel(
  { temperature, outputShape }: ResolvedElements,
  { logits, sampleLogits }: Inputs<"logits" | "sampleLogits">,
): Work {
  return function* () {
    const logProbs = sampleLogits.map((sample, i) => {
      const d = Math.abs(logits[i % logits.length] - temperature * sample);
      if (d === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
      return Math.max(-FLT_MAX, Math.log(temperature) - d - 2 * Math.log1p(Math.exp(-d)));
    });
    return { logProbs: arrayOf(logProbs, outputShape) };
  };
}
