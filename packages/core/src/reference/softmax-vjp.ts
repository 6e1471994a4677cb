// softmaxVjp in float64.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import type { ResolvedSoftmax, SoftmaxOptions } from "../operations/softmax.ts";
import { softmaxVjpOperation } from "../operations/softmax-vjp.ts";
import { evaluate } from "./evaluate.ts";
import { pullBack, pullBackLogs } from "./pull-back.ts";
import { logSoftmaxOfRow, perturb, rowsOf, softmaxOfRow } from "./rows.ts";

export default function kernel(
  call: ResolvedSoftmax,
  { logits, cotangent }: { readonly logits: NdArray; readonly cotangent: NdArray },
): { gradient: NdArray<Float64Array> } {
  const data = new Float64Array(sizeOf(call.shape));
  for (const row of rowsOf(logits, call)) {
    const { start, stride, isDegenerate } = row;
    const c = row.logits.map((_, j) => cotangent.data[start + j * stride]);
    const z = perturb(row, 1);
    const { log, temperature } = call;
    const productOf = () =>
      log
        ? pullBackLogs(logSoftmaxOfRow(z, temperature), c, temperature)
        : pullBack(softmaxOfRow(z, temperature), c, temperature);
    const product = isDegenerate ? c.fill(Number.NaN) : productOf();
    for (let j = 0; j < product.length; j++) data[start + j * stride] = product[j];
  }
  return { gradient: { data, shape: [...call.shape] } };
}

/**
 * Gradient of `Σ cotangent∘softmax(logits)` with respect to the logits; `hard` changes nothing.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @param cotangent gradient with respect to the result, of its shape
 * @returns gradient of the logits' shape: 0 under a mask, NaN in a degenerate row
 * @throws RangeError or TypeError for a bad cotangent or option
 * @example softmaxVjp(logits, cotangent, { temperature: 0.5 })
 */
export function softmaxVjp(
  logits: NdArray,
  cotangent: NdArray,
  options?: SoftmaxOptions,
): NdArray<Float64Array> {
  return evaluate(softmaxVjpOperation, kernel, [logits, cotangent, options]).gradient;
}
