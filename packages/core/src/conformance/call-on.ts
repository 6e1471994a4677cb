// A call on logits, whatever the operation, so that one case can hold for all of them.
import { key } from "../key.ts";
import type { NdArray } from "../nd-array.ts";
import type { Operation } from "../sampler.ts";
import type { Call, CallOf } from "./call.ts";
import { fixedLogits } from "./fixed-logits.ts";

/** An operation on logits. */
export type OnLogits = Exclude<Operation, "bits" | "gumbel">;

/** A call of an operation on logits; the cotangent is fixed and top-k takes everything. */
export function callOn(
  operation: OnLogits,
  logits: NdArray,
  options: CallOf<"gumbelSoftmax">["options"] = {},
): Call {
  const { axis = -1, sampleShape = [] } = options;
  const keyed = { key: key(61), ...options };
  switch (operation) {
    case "softmaxVjp":
    case "gumbelSoftmaxVjp": {
      const cotangent = fixedLogits([...sampleShape, ...logits.shape], 62, 1);
      return { operation, logits, cotangent, options: keyed } as Call;
    }
    case "topK":
      return { operation, logits, k: logits.shape.at(axis)!, options: keyed };
    default:
      return { operation, logits, options: keyed } as Call;
  }
}
