// Sampling without replacement by Gumbel-top-k (Kool, van Hoof, Welling 2019).
import { type NdArray, sizeOf } from "../nd-array.ts";
import type { TopKOptions } from "../options.ts";
import { resolveTopK } from "../resolve.ts";
import type { TopKResult } from "../sampler.ts";
import { assertNdArray, rowsOf } from "./rows.ts";

/**
 * The `k` largest perturbed logits of each row, descending, and their categories; an exact tie goes to the lower index.
 * A masked category is never picked: places that no category is left for hold −∞ and −1.
 */
export function topK(logits: NdArray, k: number, options?: TopKOptions): TopKResult<NdArray> {
  const call = resolveTopK(logits.shape, k, options);
  assertNdArray(logits, "logits");
  const { classes, inner } = call.rows;
  const size = sizeOf(call.outputShape);
  const values = new Float64Array(size);
  const indices = new Int32Array(size);
  for (const { logitsStart, z, degenerate } of rowsOf(logits, call, call.noise)) {
    const order = Array.from(z.keys()).sort((a, b) => z[b] - z[a] || a - b);
    const start = Math.floor(logitsStart / (classes * inner)) * k * inner + (logitsStart % inner);
    for (let place = 0; place < k; place++) {
      const best = order[place];
      const at = start + place * inner;
      values[at] = degenerate ? Number.NaN : z[best];
      indices[at] = degenerate || z[best] === Number.NEGATIVE_INFINITY ? -1 : best;
    }
  }
  const shape = [...call.outputShape];
  return { values: { data: values, shape }, indices: { data: indices, shape: [...shape] } };
}
