// gumbelSoftmaxVjp: the gradient of a sample, which is made again from its key.
import type { ResolvedGumbelSoftmax } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { backward } from "./backward.ts";

export default function kernel(
  call: ResolvedGumbelSoftmax,
  { logits, cotangent }: Inputs<"logits" | "cotangent">,
): Work {
  return function* (memory) {
    const gradient = yield* backward(memory, logits, cotangent, call, call.noise);
    return { gradient: arrayOf(gradient, call.shape) };
  };
}
