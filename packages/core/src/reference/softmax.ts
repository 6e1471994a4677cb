// softmax in float64.
import type { NdArray } from "../nd-array.ts";
import { type ResolvedSoftmax, type SoftmaxOptions, softmaxOperation } from "../operations/softmax.ts";
import { evaluate } from "./evaluate.ts";
import { forward } from "./forward.ts";

export default function kernel(
  call: ResolvedSoftmax,
  { logits }: { readonly logits: NdArray },
): {
  y: NdArray<Float64Array>;
} {
  return { y: forward(logits, call) };
}

/** `softmax(logits/temperature)`; with `hard` the one-hot of the maximum, which is not a sample, with `log` its logarithm. */
export function softmax(logits: NdArray, options?: SoftmaxOptions): NdArray<Float64Array> {
  return evaluate(softmaxOperation, kernel, [logits, options]).y;
}
