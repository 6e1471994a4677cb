// gumbel: standard Gumbel noise over a shape.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { gumbelOperation } from "../operations/gumbel.ts";
import type { NoiseOptions } from "../options.ts";
import type { ResolvedNoise } from "../resolve.ts";
import { evaluate } from "./evaluate.ts";
import { gumbelAt } from "./rows.ts";

export default function kernel(noise: ResolvedNoise): { noise: NdArray<Float64Array> } {
  const data = new Float64Array(sizeOf(noise.shape));
  for (let i = 0; i < data.length; i++) data[i] = gumbelAt(noise, i);
  return { noise: { data, shape: [...noise.shape] } };
}

/**
 * Standard Gumbel noise of a shape, in float64.
 *
 * @param shape dimensions, integers ≥ 0; `[]` is one number
 * @returns noise of the shape, always finite: in [−3.79, 44.37] at precision `"full"`
 * @throws RangeError or TypeError for a bad shape, key, precision, offset or rowStride
 * @example gumbel([2, 3], { key: key(42) })
 */
export function gumbel(shape: readonly number[], options?: NoiseOptions): NdArray<Float64Array> {
  return evaluate(gumbelOperation, kernel, [shape, options]).noise;
}
