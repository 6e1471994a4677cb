// The normaliser of one row at a temperature, in float64: what logarithms and densities are made of here. It takes five
// times as long as the engine's softmax, and none of the bytes that another kernel of it would add to a page.
import type { RowLayout } from "@gumbel/core/adapter";

/** `value/temperature − log Σ exp(…)` of a row is `(value − max)/temperature − logSum`. */
export interface Normalizer {
  /** The largest value; NaN in a degenerate row. */
  readonly max: number;
  /** `log Σ exp((value − max)/temperature)`, at least 0; NaN in a degenerate row. */
  readonly logSum: number;
}

/**
 * The normaliser of a row.
 *
 * @param start index of the row's first element; the others follow at distance `inner`
 */
export function logSumExpOf(
  values: Float32Array | Float64Array,
  start: number,
  { categories, inner }: RowLayout,
  temperature: number,
): Normalizer {
  const end = start + categories * inner;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = start; at < end; at += inner) {
    // NaN too.
    if (!(values[at] < Number.POSITIVE_INFINITY)) return DEGENERATE;
    if (values[at] > max) max = values[at];
  }
  if (max === Number.NEGATIVE_INFINITY) return DEGENERATE;
  let sum = 0;
  for (let at = start; at < end; at += inner) sum += Math.exp((values[at] - max) / temperature);
  return { max, logSum: Math.log(sum) };
}

const DEGENERATE: Normalizer = { max: Number.NaN, logSum: Number.NaN };
