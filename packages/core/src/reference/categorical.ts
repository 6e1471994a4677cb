// categorical: the Gumbel-max theorem, in float64.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import {
  type CategoricalOptions,
  categoricalOperation,
  type ResolvedCategorical,
} from "../operations/categorical.ts";
import { evaluate } from "./evaluate.ts";
import { argmax, perturbKept, rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedCategorical,
  { logits }: { readonly logits: NdArray },
): { indices: NdArray<Int32Array> } {
  const data = new Int32Array(sizeOf(call.outputShape));
  const { noise, temperature, decoding } = call;
  for (const row of rowsOf(logits, call, noise, decoding)) {
    data[row.index] = row.isDegenerate ? -1 : argmax(perturbKept(row, temperature, decoding));
  }
  return { indices: { data, shape: [...call.outputShape] } };
}

/**
 * Exact categorical samples: `argmax(logits/temperature + g)` along the axis; at temperature 0 the mode, without noise.
 * Filters such as `topK` and `topP` leave categories out.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @returns int32 indices of shape `[...sampleShape, ...batch]`, batch being the logits' shape without the axis; −1 for a
 * degenerate row
 * @throws RangeError or TypeError for a bad option, and where there is no category
 * @example categorical({ data: [2, 1, 0.5, -1, 0, 3], shape: [2, 3] }, { key: key(42) }).data // Int32Array [0, 2]
 */
export function categorical(logits: NdArray, options?: CategoricalOptions): NdArray<Int32Array> {
  return evaluate(categoricalOperation, kernel, [logits, options]).indices;
}
