// gumbelSoftmax: soft samples and their one-hots.
import type { ResolvedGumbelSoftmax } from "@gumbel/core/adapter";
import type { Inputs, Work } from "../engine/kernel.ts";
import { arrayOf } from "./array-of.ts";
import { forward } from "./forward.ts";

export default function kernel(call: ResolvedGumbelSoftmax, { logits }: Inputs<"logits">): Work {
  return function* (memory) {
    const y = yield* forward(memory, logits, call, call.noise);
    return { y: arrayOf(y, call.outputShape) };
  };
}
