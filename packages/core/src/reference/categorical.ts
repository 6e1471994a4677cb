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

/** Exact categorical samples: `argmax(logits/temperature + g)`; at temperature 0 the mode. */
export function categorical(logits: NdArray, options?: CategoricalOptions): NdArray<Int32Array> {
  return evaluate(categoricalOperation, kernel, [logits, options]).indices;
}
