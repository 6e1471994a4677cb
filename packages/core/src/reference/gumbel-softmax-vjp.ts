// gumbelSoftmaxVjp in float64.
import type { NdArray } from "../nd-array.ts";
import type { ResolvedGumbelSoftmax } from "../operations/gumbel-softmax.ts";
import { type GumbelSoftmaxVjpOptions, gumbelSoftmaxVjpOperation } from "../operations/gumbel-softmax-vjp.ts";
import { backward } from "./backward.ts";
import { evaluate } from "./evaluate.ts";

export default function kernel(
  call: ResolvedGumbelSoftmax,
  { logits, cotangent }: { readonly logits: NdArray; readonly cotangent: NdArray },
): { gradient: NdArray<Float64Array> } {
  return { gradient: backward(logits, cotangent, call, call.noise) };
}

/** Gradient of `Σ cotangent∘gumbelSoftmax(logits)` with respect to the logits, at the same key. */
export function gumbelSoftmaxVjp(
  logits: NdArray,
  cotangent: NdArray,
  options: GumbelSoftmaxVjpOptions,
): NdArray<Float64Array> {
  return evaluate(gumbelSoftmaxVjpOperation, kernel, [logits, cotangent, options]).gradient;
}
