// The numbers that every program may read, declared once for both backends: keys, places and sizes are uniforms, never
// text of a shader, so that no call compiles anything new.
import { type ResolvedNoise, type RowLayout, sizeOf } from "@gumbel/core/adapter";

/** Integers first, then floats. Words of keys and counters are uint32; a program that reads them says so. */
export const UNIFORMS = [
  ["keyHi", "int"],
  ["keyLo", "int"],
  ["offsetHi", "int"],
  ["offsetLo", "int"],
  ["strideHi", "int"],
  ["strideLo", "int"],
  /** Elements whose counters follow one another: a row of the noise shape's last dimension, or all. */
  ["columns", "int"],
  /** Distance of the counters of neighbouring classes. */
  ["stepHi", "int"],
  ["stepLo", "int"],
  /** Length of the axis, and product of the dimensions after it. */
  ["classes", "int"],
  ["inner", "int"],
  /** Number of logits: element e of the output reads logit `e mod block`. */
  ["block", "int"],
  /** Elements to reduce, and chunks to reduce them to. */
  ["count", "int"],
  ["chunks", "int"],
  /** Top-k: places, length of a sorted run, runs a row, span of a comparison, and whether it mirrors a block. */
  ["places", "int"],
  ["width", "int"],
  ["runs", "int"],
  ["span", "int"],
  ["mirrored", "int"],
  /** `scaleA·scaleB` is 2/temperature; half distances to the maximum beyond `cutoff` have probability 0. */
  ["scaleA", "float"],
  ["scaleB", "float"],
  ["cutoff", "float"],
  /** `rateA·rateB` is 1/temperature. */
  ["rateA", "float"],
  ["rateB", "float"],
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
  { classes, inner }: RowLayout,
): UniformValues {
  // Either the axis is the noise's last dimension, or whole rows of that dimension lie between two classes. Where a row
  // has one class and all later dimensions are 1, both say the same.
  const isLast = inner === 1 && columns === classes;
  const step = isLast ? 1n : BigInt(inner / columns) * BigInt(rowStride);
  return { stepHi: Number(BigInt.asIntN(32, step >> 32n)), stepLo: Number(BigInt.asIntN(32, step)) };
}

/** The rows of a call, as uniforms. */
export function rowUniforms({ outer, classes, inner }: RowLayout): UniformValues {
  return { classes, inner, block: outer * classes * inner };
}

/** exp(−104) is below half of float32's smallest positive number. */
const NEGLIGIBLE = 104;
/** Beyond these no difference of float32 numbers can tell a temperature from 0 or from infinity. */
const [COLDEST, HOTTEST] = [2 ** -250, 2 ** 250];

/**
 * A temperature as uniforms. Maxima are subtracted as halves, so that ±3.4e38 cannot overflow, and their distance is
 * multiplied by two factors that float32 holds, where 2/temperature itself may lie beyond its range.
 */
export function temperatureUniforms(temperature: number): UniformValues {
  const clamped = Math.min(Math.max(temperature, COLDEST), HOTTEST);
  const [scaleA, scaleB] = factorsOf(2 / clamped);
  const [rateA, rateB] = factorsOf(1 / clamped);
  return { scaleA, scaleB, cutoff: Math.min((NEGLIGIBLE * clamped) / 2, 3.4e38), rateA, rateB };
}

/** Two float32 numbers with the given product: the number itself and 1, where it is an ordinary one. */
function factorsOf(product: number): [number, number] {
  const exponent = Math.log2(product);
  if (Math.abs(exponent) < 120) return [product, 1];
  const second = 2 ** Math.round(exponent / 2);
  return [product / second, second];
}
