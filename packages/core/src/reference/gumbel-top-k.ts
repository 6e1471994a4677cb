// Sampling without replacement by Gumbel-top-k (Kool, van Hoof, Welling 2019), in float64.
import { rowStartOf, sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import {
  type GumbelTopKOptions,
  type GumbelTopKResult,
  gumbelTopKOperation,
  type ResolvedGumbelTopK,
} from "../operations/gumbel-top-k.ts";
import { evaluate } from "./evaluate.ts";
import { type Row, rowsOf } from "./rows.ts";

/** The result of {@link gumbelTopK}. */
type Result = GumbelTopKResult<NdArray<Float64Array>, NdArray<Int32Array>>;

export default function kernel(call: ResolvedGumbelTopK, { logits }: { readonly logits: NdArray }): Result {
  const { k, layout, outputShape, temperature } = call;
  const values = new Float64Array(sizeOf(outputShape));
  const indices = new Int32Array(values.length);
  for (const row of rowsOf(logits, call, call.noise)) {
    const order = descending(row, temperature);
    const start = rowStartOf(layout, row.index, k);
    for (let place = 0; place < k; place++) {
      const at = start + place * layout.inner;
      const isLeft = !row.isDegenerate && row.logits[order[place]] !== Number.NEGATIVE_INFINITY;
      indices[at] = isLeft ? order[place] : -1;
      values[at] = isLeft
        ? perturbedLogit(row, order[place], temperature)
        : row.isDegenerate
          ? Number.NaN
          : Number.NEGATIVE_INFINITY;
    }
  }
  return {
    values: { data: values, shape: [...outputShape] },
    indices: { data: indices, shape: [...outputShape] },
  };
}

/** The categories of a row by falling perturbed logit, masked ones last; an exact tie goes to the lower index. */
function descending({ logits, noise }: Row, temperature: number): number[] {
  const isMasked = (j: number) => (logits[j] === Number.NEGATIVE_INFINITY ? 1 : 0);
  return Array.from(logits.keys()).sort((a, b) => {
    if (isMasked(a) || isMasked(b)) return isMasked(a) - isMasked(b) || a - b;
    // Logits first, so that large ones do not drown the noise.
    return (logits[b] - logits[a]) / temperature + (noise[b] - noise[a]) || a - b;
  });
}

/** `logit/temperature + noise`; where it leaves float32, the end that it leaves by. */
function perturbedLogit({ logits, noise }: Row, j: number, temperature: number): number {
  return Math.min(FLT_MAX, Math.max(-FLT_MAX, logits[j] / temperature + noise[j]));
}

/**
 * The `k` largest perturbed logits of each row, descending, and their categories: k draws without replacement.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category
 * @param k how many, an integer in [0, n], n being the length of the axis
 * @returns `{ values, indices }`, of the logits' shape with k at the axis; −∞ and −1 where masks leave fewer than k, NaN and −1 in a
 * degenerate row
 * @throws RangeError or TypeError for a bad k or option
 * @example gumbelTopK({ data: [2, 1, 0.5], shape: [3] }, 2, { key: key(42) }).indices
 */
export function gumbelTopK(logits: NdArray, k: number, options?: GumbelTopKOptions): Result {
  return evaluate(gumbelTopKOperation, kernel, [logits, k, options]);
}
