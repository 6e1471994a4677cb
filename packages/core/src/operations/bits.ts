// bits: random words of a shape.
import type { Answer, Mode, Operation, OperationTypes, Results } from "../operation.ts";
import type { BitsOptions } from "../options.ts";
import { type ResolvedNoise, resolveNoise } from "../resolve.ts";

/** The method `bits` of a sampler. */
export interface BitsMethod<M extends Mode, R extends Results> {
  /**
   * Random 32-bit words of a shape: `jax.random.bits(key, shape)`, one Threefry-2x32 block an element.
   *
   * @param shape dimensions, integers ≥ 0; `[]` is one word
   * @returns uint32 words of the shape
   * @throws RangeError or TypeError for a bad shape, key, offset or rowStride
   * @example sampler.bits([2, 3], { key: key(42) })
   */
  bits(shape: readonly number[], options?: BitsOptions): Answer<R["word"], M>;
}

interface BitsTypes extends OperationTypes {
  name: "bits";
  parameters: { readonly shape: readonly number[] };
  inputs: never;
  outputs: "words";
  options: BitsOptions;
  call: ResolvedNoise;
}

export const bitsOperation: Operation<BitsTypes> = {
  name: "bits",
  inputs: {},
  parameters: ["shape"],
  options: { key: true, offset: true, rowStride: true },
  outputs: { words: { dtype: "uint32", shape: ({ shape }) => shape } },
  resolve: ({ shape }, options) => resolveNoise(shape, options),
};
