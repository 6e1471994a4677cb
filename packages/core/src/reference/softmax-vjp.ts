// softmaxVjp in float64.
import type { NdArray } from "../nd-array.ts";
import type { ResolvedSoftmax, SoftmaxOptions } from "../operations/softmax.ts";
import { softmaxVjpOperation } from "../operations/softmax-vjp.ts";
import { backward } from "./backward.ts";
import { evaluate } from "./evaluate.ts";

export default function kernel(
  call: ResolvedSoftmax,
  { logits, cotangent }: { readonly logits: NdArray; readonly cotangent: NdArray },
): { gradient: NdArray<Float64Array> } {
  return { gradient: backward(logits, cotangent, call) };
}

/** Gradient of `Σ cotangent∘softmax(logits)` with respect to the logits. */
export function softmaxVjp(
  logits: NdArray,
  cotangent: NdArray,
  options?: SoftmaxOptions,
): NdArray<Float64Array> {
  return evaluate(softmaxVjpOperation, kernel, [logits, cotangent, options]).gradient;
}
