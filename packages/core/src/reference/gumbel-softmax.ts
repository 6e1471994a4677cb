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

/**
 * A Gumbel-softmax sample, `softmax((logits + g)/temperature)` along the axis; with `hard` the exact one-hot of
 * `argmax(logits + g)`, with `log` the logarithm of the soft sample.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @returns samples of shape `[...sampleShape, ...logits.shape]`; NaN in a degenerate row
 * @throws RangeError or TypeError for a bad option, for an estimator without `hard`, and for `log` with it
 * @example gumbelSoftmax({ data: [2, 1, 0.5], shape: [3] }, { key: key(42), temperature: 0.5 })
 */
export function gumbelSoftmax(logits: NdArray, options?: GumbelSoftmaxOptions): NdArray<Float64Array> {
  return evaluate(gumbelSoftmaxOperation, kernel, [logits, options]).y;
}
