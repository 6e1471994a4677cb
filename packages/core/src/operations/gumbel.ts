// gumbel: standard Gumbel noise of a shape.
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { NoiseOptions } from "../options.ts";
import { type ResolvedNoise, resolveNoise } from "../resolve.ts";

/** The method `gumbel` of a sampler. */
export interface GumbelMethod<M extends Mode, R extends Results> {
  /**
   * Standard Gumbel noise of a shape, `−log(−log u)` with one uniform an element.
   *
   * @param shape dimensions, integers ≥ 0; `[]` is one number
   * @returns noise of the shape, always finite: in [−3.79, 44.37] at precision `"full"`
   * @throws RangeError or TypeError for a bad shape, key, precision, offset or rowStride
   * @example sampler.gumbel([2, 3], { key: key(42) })
   */
  gumbel(shape: readonly number[], options?: NoiseOptions): Answer<R["float"], M>;
}

interface GumbelTypes extends OperationTypes {
  name: "gumbel";
  parameters: { readonly shape: readonly number[] };
  inputs: never;
  outputs: "noise";
  options: NoiseOptions;
  call: ResolvedNoise;
}

export const gumbelOperation: Operation<GumbelTypes> = {
  name: "gumbel",
  inputs: {},
  parameters: ["shape"],
  options: { key: true, precision: true, offset: true, rowStride: true },
  outputs: { noise: { dtype: "float32", shape: ({ shape }) => shape } },
  resolve: ({ shape }, options) => resolveNoise(shape, options),
};
