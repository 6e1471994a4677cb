// relaxedBernoulli: σ((logit + L)/temperature) of each element, 1 or 0, or the logit. Logistic noise comes from the engine's Gumbel noise g of
// the same u: with w = −ln u = e^−g it is ln u − ln(1 − u) = −ln(e^w − 1).
import { FLT_MAX, type ResolvedRelaxedBernoulli, sizeOf } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { noiseTasks } from "./noise-tasks.ts";

export default function kernel(call: ResolvedRelaxedBernoulli, { logits }: Inputs<"logits">): Work {
  const { noise, hard, logit, temperature, outputShape } = call;
  return function* (memory) {
    const y = new Float32Array(sizeOf(outputShape));
    yield noiseTasks(memory, "gumbel", noise, y);
    for (let i = 0; i < y.length; i++) {
      const z = logits[i % logits.length] - Math.log(Math.expm1(Math.exp(-y[i])));
      const x = z / temperature;
      if (hard) y[i] = z > 0 ? 1 : z <= 0 ? 0 : Number.NaN;
      else if (!logit) y[i] = 1 / (1 + Math.exp(-x));
      else y[i] = Number.isFinite(z) ? Math.min(FLT_MAX, Math.max(-FLT_MAX, x)) : x;
    }
    return { y: arrayOf(y, outputShape) };
  };
}
