// Walks the rows of a call: gathers one row of logits and its noise, and says whether it is degenerate.
import { degeneracyOf } from "../assert-logits.ts";
import { type ResolvedDecoding, valueOfRow } from "../filters.ts";
import { rowCountOf, rowStartOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import { blockOf } from "../random/counter.ts";
import { gumbelOf, wordOf } from "../random/noise.ts";
import type { ResolvedLogits, ResolvedNoise } from "../resolve.ts";
import { filterOfRow, keptOf, maskRow } from "./filter-row.ts";

/** One row of a call: where it stands, and its values along the axis, which the next row overwrites. */
export interface Row {
  /** Row-major index over `(sample, outer, inner)`. */
  readonly index: number;
  /** Row-major index over `(outer, inner)`: the row of the logits. */
  readonly rowOfLogits: number;
  /** Index of element 0 in the noise and in results that keep the axis; element `j` stands at `start + j·stride`. */
  readonly start: number;
  /** The same in the logits, which have no sample dimensions. */
  readonly logitsStart: number;
  /** Distance between neighbours along the axis. */
  readonly stride: number;
  /** The logits. */
  readonly logits: Float64Array;
  /** The largest logit; −∞ for no category. */
  readonly maximum: number;
  /** The noise; zeros where the operation draws none. */
  readonly noise: Float64Array;
  /** Whether the logits hold NaN or +∞, or nothing but −∞. */
  readonly isDegenerate: boolean;
}

/** The rows of a call, in row-major order. */
export function* rowsOf(
  logits: NdArray,
  call: ResolvedLogits,
  noise?: ResolvedNoise,
  decoding?: ResolvedDecoding,
): Generator<Row> {
  const { samples, categories, inner: stride } = call.layout;
  const rows = rowCountOf(call.layout);
  // One array for all rows: short ones would take longer to make than to fill.
  const row = new Float64Array(categories);
  const g = new Float64Array(categories);
  for (let index = 0; index < samples * rows; index++) {
    const start = rowStartOf(call.layout, index);
    const rowOfLogits = index % rows;
    const logitsStart = rowStartOf(call.layout, rowOfLogits);
    const key = decoding?.keys?.[rowOfLogits];
    // Under its own key a row has the noise of a row alone.
    const own = noise === undefined || key === undefined ? noise : { ...noise, key };
    const first = key === undefined ? start : Math.floor(index / rows) * categories;
    const step = key === undefined ? stride : 1;
    for (let j = 0; j < categories; j++) {
      row[j] = logits.data[logitsStart + j * stride];
      if (own !== undefined) g[j] = gumbelAt(own, first + j * step);
    }
    if (decoding !== undefined) maskRow(row, decoding, rowOfLogits);
    let maximum = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < categories; j++) maximum = Math.max(maximum, row[j]);
    const isDegenerate = degeneracyOf(row) !== undefined;
    yield { index, rowOfLogits, start, logitsStart, stride, logits: row, maximum, noise: g, isDegenerate };
  }
}

/** The row with other noise. */
export function withNoise(row: Row, noise: ResolvedNoise): Row {
  return { ...row, noise: row.noise.map((_, j) => gumbelAt(noise, row.start + j * row.stride)) };
}

/** The Gumbel variate of element `index` of a noise shape. */
export function gumbelAt(noise: ResolvedNoise, index: number): number {
  const [x0, x1] = blockOf(noise.key, noise, index);
  return gumbelOf(wordOf(x0, x1), x1, noise.precision);
}

/**
 * Perturbed logits of a row less its largest logit: `(logits − max)/temperature + noise`. The maximum goes first, so that
 * logits of any size leave the noise its digits. At temperature 0 the noise counts for nothing.
 */
export function perturb({ logits, maximum, noise }: Row, temperature: number): Float64Array {
  const z = new Float64Array(logits.length);
  for (let j = 0; j < z.length; j++) {
    z[j] = temperature === 0 ? logits[j] - maximum : (logits[j] - maximum) / temperature + noise[j];
  }
  return z;
}

/**
 * Perturbed logits of a row as {@link perturb} gives them, −∞ for what its filters leave out.
 */
export function perturbKept(row: Row, temperature: number, decoding?: ResolvedDecoding): Float64Array {
  if (decoding === undefined) return perturb(row, temperature);
  const tau = valueOfRow(decoding.temperature, row.rowOfLogits);
  const z = perturb(row, tau);
  if (tau === 0) return z;
  const kept = new Set(keptOf(row.logits, filterOfRow(decoding, row.rowOfLogits)));
  return z.map((value, j) => (kept.has(j) ? value : Number.NEGATIVE_INFINITY));
}

/** Index of the largest value, the lowest one on a tie. */
export function argmax(values: Float64Array): number {
  let largest = 0;
  for (let j = 1; j < values.length; j++) if (values[j] > values[largest]) largest = j;
  return largest;
}

/** The logarithm of `softmax(z/temperature)`, −∞ where z is; what is below float32's numbers is their least. */
export function logSoftmaxOfRow(z: Float64Array, temperature: number): Float64Array {
  const maximum = z[argmax(z)];
  const logs = new Float64Array(z.length);
  let sum = 0;
  for (let j = 0; j < z.length; j++) {
    logs[j] = (z[j] - maximum) / temperature;
    sum += Math.exp(logs[j]);
  }
  const logSum = Math.log(sum);
  for (let j = 0; j < z.length; j++) {
    if (logs[j] !== Number.NEGATIVE_INFINITY) logs[j] = Math.max(-FLT_MAX, logs[j] - logSum);
  }
  return logs;
}

/** `softmax(z/temperature)`. */
export function softmaxOfRow(z: Float64Array, temperature: number): Float64Array {
  const maximum = z[argmax(z)];
  const y = new Float64Array(z.length);
  let sum = 0;
  for (let j = 0; j < z.length; j++) {
    y[j] = Math.exp((z[j] - maximum) / temperature);
    sum += y[j];
  }
  for (let j = 0; j < z.length; j++) y[j] /= sum;
  return y;
}
