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

/**
 * `softmax(logits/temperature)` along the axis; with `hard` the one-hot of the maximum, which is not a sample, with `log` the
 * log-softmax.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @returns probabilities of the logits' shape; NaN in a degenerate row
 * @throws RangeError or TypeError for a bad axis, temperature, hard or log
 * @example softmax({ data: [2, 1, 0.5], shape: [3] }, { temperature: 0.5 })
 */
export function softmax(logits: NdArray, options?: SoftmaxOptions): NdArray<Float64Array> {
  return evaluate(softmaxOperation, kernel, [logits, options]).y;
}
