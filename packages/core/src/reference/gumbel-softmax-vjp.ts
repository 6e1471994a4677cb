// gumbelSoftmaxVjp in float64.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { ResolvedGumbelSoftmax } from "../operations/gumbel-softmax.ts";
import { type GumbelSoftmaxVjpOptions, gumbelSoftmaxVjpOperation } from "../operations/gumbel-softmax-vjp.ts";
import { estimate } from "./estimate.ts";
import { evaluate } from "./evaluate.ts";
import { rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedGumbelSoftmax,
  { logits, cotangent }: { readonly logits: NdArray; readonly cotangent: NdArray },
): { gradient: NdArray<Float64Array> } {
  const data = new Float64Array(sizeOf(call.shape));
  const c = new Float64Array(call.layout.categories);
  for (const row of rowsOf(logits, call, call.noise)) {
    const { start, logitsStart, stride, isDegenerate } = row;
    for (let j = 0; j < c.length; j++) c[j] = cotangent.data[start + j * stride];
    const product = isDegenerate ? c.fill(Number.NaN) : estimate(row, c, call);
    for (let j = 0; j < product.length; j++) data[logitsStart + j * stride] += product[j];
  }
  return { gradient: { data, shape: [...call.shape] } };
}

/**
 * Gradient of `Σ cotangent∘gumbelSoftmax(logits)` with respect to the logits, at the same options; where `hard`, as the
 * `estimator` has it.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @param cotangent gradient with respect to the samples, of their shape `[...sampleShape, ...logits.shape]`
 * @param options those of the sample; its key must be named
 * @returns gradient of the logits' shape: 0 under a mask, NaN in a degenerate row
 * @throws RangeError or TypeError for a bad cotangent or option, and where the key is left out
 * @example gumbelSoftmaxVjp(logits, cotangent, { key: key(42), temperature: 0.5 })
 */
export function gumbelSoftmaxVjp(
  logits: NdArray,
  cotangent: NdArray,
  options: GumbelSoftmaxVjpOptions,
): NdArray<Float64Array> {
  return evaluate(gumbelSoftmaxVjpOperation, kernel, [logits, cotangent, options]).gradient;
}
