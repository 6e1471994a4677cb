// conditionalGumbel in float64.
import { assertIndices } from "../arguments.ts";
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { CONDITIONAL_MARGIN, CONDITIONAL_PUSH, FLT_MAX } from "../numerics.ts";
import {
  type ConditionalGumbelOptions,
  conditionalGumbelOperation,
  type ResolvedConditionalGumbel,
} from "../operations/conditional-gumbel.ts";
import { evaluate } from "./evaluate.ts";
import { redraw } from "./redraw.ts";
import { rowsOf } from "./rows.ts";

export default function kernel(
  call: ResolvedConditionalGumbel,
  { logits, indices }: { readonly logits: NdArray; readonly indices: NdArray },
): { noise: NdArray<Float64Array> } {
  const { temperature, noise, outputShape } = call;
  assertIndices(indices.data, call);
  const data = new Float64Array(sizeOf(outputShape));
  for (const row of rowsOf(logits, call, noise)) {
    const winner = indices.data[row.index];
    const isPossible = !row.isDegenerate && winner >= 0 && row.logits[winner] !== Number.NEGATIVE_INFINITY;
    const values = isPossible
      ? separate(
          row.logits.map((logit) => (logit - row.maximum) / temperature),
          redraw(row, winner, temperature),
          winner,
        )
      : row.logits.fill(Number.NaN);
    for (let j = 0; j < values.length; j++) data[row.start + j * row.stride] = values[j];
  }
  return { noise: { data, shape: [...outputShape] } };
}

/**
 * Noise whose argmax is the winner in float32 too: rounding, and exact ties, would let others draw level.
 *
 * @param s logits of the row less their largest, over the temperature
 * @param noise as {@link redraw} gives it
 */
function separate(s: Float64Array, noise: Float64Array, winner: number): Float64Array {
  const z = s[winner] + noise[winner];
  const limit = z - CONDITIONAL_MARGIN * Math.max(1, Math.abs(z));
  return noise.map((value, j) =>
    j === winner
      ? Math.min(FLT_MAX, value - CONDITIONAL_PUSH * s[j])
      : Math.min(value, limit - s[j] * (1 - CONDITIONAL_MARGIN)),
  );
}

/**
 * Gumbel noise conditioned on its outcome: `argmax(logits/temperature + noise)` is the index of each row.
 *
 * @param logits unnormalised log-probabilities; −∞ masks a category, whose noise stays unconditional
 * @param indices categories of shape `[...sampleShape, ...batch]`, batch being the logits' shape without the axis: what
 * `categorical` gives, at another key than this one
 * @returns noise of shape `[...sampleShape, ...logits.shape]`; NaN in a row that is degenerate, or whose index is −1 or masked
 * @throws RangeError or TypeError for a bad option, and for indices of another shape or out of range
 * @example conditionalGumbel(logits, indices, { key: key(43) })
 */
export function conditionalGumbel(
  logits: NdArray,
  indices: NdArray,
  options?: ConditionalGumbelOptions,
): NdArray<Float64Array> {
  return evaluate(conditionalGumbelOperation, kernel, [logits, indices, options]).noise;
}
