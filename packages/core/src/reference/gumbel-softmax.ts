// gumbelSoftmax in float64.
import type { NdArray } from "../nd-array.ts";
import {
  type GumbelSoftmaxOptions,
  gumbelSoftmaxOperation,
  type ResolvedGumbelSoftmax,
} from "../operations/gumbel-softmax.ts";
import { evaluate } from "./evaluate.ts";
import { forward } from "./forward.ts";

export default function kernel(
  call: ResolvedGumbelSoftmax,
  { logits }: { readonly logits: NdArray },
): { y: NdArray<Float64Array> } {
  return { y: forward(logits, call, call.noise) };
}

/** A Gumbel-softmax sample, `softmax((logits + g)/temperature)`; with `hard` the one-hot of `argmax(logits + g)`, with `log` its logarithm. */
export function gumbelSoftmax(logits: NdArray, options?: GumbelSoftmaxOptions): NdArray<Float64Array> {
  return evaluate(gumbelSoftmaxOperation, kernel, [logits, options]).y;
}
