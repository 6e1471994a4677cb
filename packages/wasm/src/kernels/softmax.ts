// softmax: probabilities of logits.
import type { ResolvedSoftmax } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { forward } from "./forward.ts";

export default function kernel(call: ResolvedSoftmax, { logits }: Inputs<"logits">): Work {
  return function* (memory) {
    const y = yield* forward(memory, logits, call, undefined);
    return { y: arrayOf(y, call.outputShape) };
  };
}
