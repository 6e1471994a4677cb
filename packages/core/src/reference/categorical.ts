// Exact categorical sampling by the Gumbel-max theorem.
import { type NdArray, sizeOf } from "../nd-array.ts";
import type { CategoricalOptions } from "../options.ts";
import { resolveCategorical } from "../resolve.ts";
import { argmax, assertNdArray, rowsOf } from "./rows.ts";

/** `argmax(logits + g)` along the axis: category indices of shape `[...sampleShape, ...batch]`, −1 in a degenerate row. */
export function categorical(logits: NdArray, options?: CategoricalOptions): NdArray<Int32Array> {
  const call = resolveCategorical(logits.shape, options);
  assertNdArray(logits, "logits");
  const data = new Int32Array(sizeOf(call.outputShape));
  let row = 0;
  for (const { z, degenerate } of rowsOf(logits, call, call.noise)) {
    data[row++] = degenerate ? -1 : argmax(z);
  }
  return { data, shape: [...call.outputShape] };
}
