// Counts of rows and elements that every plan needs.
import type { ResolvedNoise, RowLayout } from "@gumbel/core/adapter";
import type { NoiseVariant } from "../kernels/kernel.ts";

/** Rows, samples included. */
export function rowCount({ samples, outer, inner }: RowLayout): number {
  return samples * outer * inner;
}

/** Which noise a kernel makes, and whether a row's elements and their counters follow one another. */
export function noiseVariantOf(
  noise: ResolvedNoise | undefined,
  { classes, inner }: RowLayout,
): { noise: NoiseVariant; hasUnitStep: boolean } {
  if (noise === undefined) return { noise: "none", hasUnitStep: inner === 1 };
  const isLast = inner === 1 && noise.columns === classes;
  return { noise: noise.precision, hasUnitStep: isLast };
}
