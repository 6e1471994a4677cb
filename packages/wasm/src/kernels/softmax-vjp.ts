// softmaxVjp: the gradient of softmax.
import type { ResolvedSoftmax } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { backward } from "./backward.ts";

export default function kernel(
  call: ResolvedSoftmax,
  { logits, cotangent }: Inputs<"logits" | "cotangent">,
): Work {
  return function* (memory) {
    const gradient = yield* backward(memory, logits, cotangent, call, undefined);
    return { gradient: arrayOf(gradient, call.shape) };
  };
}
