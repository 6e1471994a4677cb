// gumbelSoftmaxVjp: the gradient of a sample, which is made again from its key, as its estimator has it.
import type { ResolvedGumbelSoftmax } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { backward } from "./backward.ts";
import { estimate } from "./estimate.ts";

export default function kernel(
  call: ResolvedGumbelSoftmax,
  { logits, cotangent }: Inputs<"logits" | "cotangent">,
): Work {
  return function* (memory) {
    const { estimator, noise } = call;
    const gradient =
      estimator === undefined
        ? yield* backward(memory, logits, cotangent, call, noise)
        : estimator.name === "straight-through"
          ? yield* backward(memory, logits, cotangent, { ...call, temperature: estimator.temperature }, noise)
          : yield* estimate(memory, logits, cotangent, call);
    return { gradient: arrayOf(gradient, call.shape) };
  };
}
