// The numbers that every program may read, declared once for both backends: keys, counters and sizes are uniforms, never
// text of a shader, so that no call compiles anything new.
import { type ResolvedNoise, type RowLayout, sizeOf } from "@gumbel/core/adapter";

/** Integers first, then floats. Words of keys and counters are uint32; a program that reads them converts them. */
export const UNIFORMS = [
  ["keyHi", "int"],
  ["keyLo", "int"],
  ["offsetHi", "int"],
  ["offsetLo", "int"],
  ["strideHi", "int"],
  ["strideLo", "int"],
  /** Elements whose counters follow one another: a row of the noise shape's last dimension, or all. */
  ["columns", "int"],
  /** Distance of the counters of neighbouring categories. */
  ["stepHi", "int"],
  ["stepLo", "int"],
  /** Length of the axis, and product of the dimensions after it. */
  ["categories", "int"],
  ["inner", "int"],
  /** Number of logits: element e of the output reads logit `e mod block`. */
  ["block", "int"],
  /** Elements to reduce, and chunks to reduce them to. */
  ["count", "int"],
  ["chunks", "int"],
  /** Gumbel-top-k: places, length of a sorted run, runs a row, span of a comparison, and whether it mirrors a block. */
  ["places", "int"],
  ["width", "int"],
  ["runs", "int"],
  ["span", "int"],
  ["mirrored", "int"],
  ["temperature", "float"],
  ["inverseTemperature", "float"],
] as const;

/** Values of some of the {@link UNIFORMS}; the others are 0. */
export type UniformValues = { readonly [Name in (typeof UNIFORMS)[number][0]]?: number };

/** Where the noise comes from, as uniforms. */
export function noiseUniforms({ key, offset, rowStride, columns, shape }: ResolvedNoise): UniformValues {
  return {
    keyHi: key[0],
    keyLo: key[1],
    offsetHi: Math.floor(offset / 2 ** 32),
    offsetLo: offset >>> 0,
    strideHi: Math.floor(rowStride / 2 ** 32),
    strideLo: rowStride >>> 0,
    // Rows that follow one another are one row: then no program divides or multiplies to find a counter.
    columns: rowStride === columns ? sizeOf(shape) : columns,
  };
}

/** How counters go on along the rows of a call, as uniforms. */
export function stepUniforms(
  { rowStride, columns }: ResolvedNoise,
  { categories, inner }: RowLayout,
): UniformValues {
  // Either the axis is the noise's last dimension, or whole rows of that dimension lie between two categories. Where a
  // row has one category and all later dimensions are 1, both say the same.
  const isLast = inner === 1 && columns === categories;
  const step = isLast ? 1n : BigInt(inner / columns) * BigInt(rowStride);
  return { stepHi: Number(BigInt.asIntN(32, step >> 32n)), stepLo: Number(BigInt.asIntN(32, step)) };
}

/** The rows of a call, as uniforms. */
export function rowUniforms({ outer, categories, inner }: RowLayout): UniformValues {
  return { categories, inner, block: outer * categories * inner };
}

/** A temperature as uniforms: within [2⁻⁴⁰, 2⁴⁰] it and its inverse are ordinary float32 numbers. */
export function temperatureUniforms(temperature: number): UniformValues {
  return { temperature, inverseTemperature: 1 / temperature };
}
