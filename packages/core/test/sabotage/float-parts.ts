// The steps that an honest float32 sampler is made of. A fault exchanges some of them.
import {
  blockOf,
  CONDITIONAL_MARGIN,
  CONDITIONAL_PUSH,
  degeneracyOf,
  expectedGap,
  FLT_MAX,
  gumbelOf,
  logGamma,
  logisticOf,
  type ResolvedDecoding,
  type ResolvedNoise,
  type ResolvedRelaxedBernoulli,
  valueOfRow,
  wordOf,
} from "../../src/adapter.ts";
import type { Key, Precision } from "../../src/index.ts";
import { filterOfRow, keptOf, maskRow, type RowFilter } from "../../src/reference/filter-row.ts";

/** The steps of a sampler. Each can be exchanged for a faulty one. */
export interface Parts {
  /** The two words of an element's block. */
  block(noise: ResolvedNoise, index: number): [number, number];
  /** Gumbel noise of a block. */
  gumbel(x0: number, x1: number, precision: Precision): number;
  /** Word of a block. */
  word(x0: number, x1: number): number;
  /** Perturbed logits of a row less its largest logit. */
  perturb(logits: Float32Array, noise: Float32Array, temperature: number): Float32Array;
  /** A perturbed logit as gumbelTopK gives it. */
  value(logit: number, noise: number, temperature: number): number;
  /** Index of the largest perturbed logit. */
  argmax(z: Float32Array): number;
  /** Soft values of a row of perturbed logits. */
  softmax(z: Float32Array, temperature: number): Float32Array;
  /** Logarithms of the soft values of a row of perturbed logits. */
  logSample(z: Float32Array, temperature: number): Float32Array;
  /** Gradient of a row's logarithms: these, cotangent, temperature. */
  logVjp(logs: Float32Array, cotangent: Float32Array, temperature: number): Float32Array;
  /** Entropy of a row, of its log-probabilities. */
  entropy(logs: Float32Array): number;
  /** Divergence of a row from another, of their log-probabilities. */
  divergence(p: Float32Array, q: Float32Array): number;
  /** Density of a row's log-sample, of the logits and log-samples of what is not masked. */
  density(logits: Float64Array, logSample: Float64Array, temperature: number): number;
  /** Whether a log-sample has mass where it must have none, or none where it must have some. */
  isOutside(logit: number, logSample: number): boolean;
  /** Logistic noise of a block. */
  logistic(x0: number, x1: number, precision: Precision): number;
  /** A relaxed coin toss: a logit and its noise, in float32. */
  toss(logit: number, noise: number, call: ResolvedRelaxedBernoulli): number;
  /** Density of the logit of a toss. */
  tossDensity(logit: number, sample: number, temperature: number): number;
  /** Log-probability of a category, given the logits of a row less their largest, over the temperature. */
  logSoftmax(z: Float32Array, index: number): number;
  /** Gradient of a row: y, cotangent, temperature. */
  vjp(y: Float32Array, cotangent: Float32Array, temperature: number): Float32Array;
  /** What ReinMax differentiates a softmax at: the mean of `softmax(logits/temperature)` and the hard sample, given the perturbed logits. */
  midpoint(y: Float32Array, hot: number, z: Float32Array): Float32Array;
  /** ReinMax's product from those at the midpoint and at `softmax(logits)`. */
  reinmax(atMidpoint: Float32Array, atSoftmax: Float32Array): Float32Array;
  /** Perturbed logits of one draw of Gumbel-Rao, from the logits less their largest, new noise and the hard sample. */
  redrawn(s: Float32Array, noise: Float32Array, hot: number): Float32Array;
  /** Product in the logits, of one draw's product in its perturbed logits. */
  throughRedraw(product: Float32Array, s: Float32Array, noise: Float32Array, hot: number): Float32Array;
  /** Keys of the draws. */
  keysOf(estimator: { readonly keys: readonly Key[] }, key: Key): readonly Key[];
  /** The gap that is expected of a sample at a temperature. */
  expectedGap(s: Float32Array, hot: number, temperature: number): number;
  /** Logits of the gapped estimator. */
  gapped(s: Float32Array, hot: number, gap: number): Float32Array;
  /** Hard values of a row. */
  oneHot(hot: number, categories: number): Float32Array;
  isDegenerate(logits: Float32Array): boolean;
  /** The noise that a gradient recomputes. */
  noiseOfGradient(noise: ResolvedNoise): ResolvedNoise;
  /** The categories of a row by falling perturbed logit, which is in float64: float32 overflows far below the largest. */
  order(z: Float64Array): number[];
  /** Masks logits of a row, in place. */
  mask(logits: Float64Array, decoding: ResolvedDecoding, row: number): void;
  /** Parameters of the filters of a row of the logits. */
  filterOf(decoding: ResolvedDecoding, row: number): RowFilter;
  /** The categories that a row's filters keep. */
  keep(logits: Float64Array, filter: RowFilter): readonly number[];
  /** Temperature of a row; `index` counts the rows of all samples. */
  temperatureOf(decoding: ResolvedDecoding, row: number, index: number): number;
  /** Noise of the categories that are left. */
  noiseOfKept(noise: Float32Array, kept: readonly number[]): Float32Array;
  /** Counter of a category in the noise of a row alone. */
  ownIndex(sample: number, categories: number, j: number, start: number): number;
  /** Log-probability among the categories that are kept, given z as `logSoftmax`. */
  logProbOfKept(z: Float32Array, kept: readonly number[], index: number): number;
  /** Noise of a row given its argmax: its own noise, and the logits less their largest, over the temperature. */
  condition(noise: Float32Array, s: Float32Array, index: number): Float32Array;
  /** Where element `j` of a row that starts at `start` stands. */
  at(start: number, j: number, inner: number): number;
}

/** The right parts, in float32 where a GPU would be. */
export const HONEST_PARTS: Parts = {
  block: (noise, index) => blockOf(noise.key, noise, index),
  gumbel: (x0, x1, precision) => gumbelOf(wordOf(x0, x1), x1, precision),
  word: wordOf,
  perturb(logits, noise, temperature) {
    let maximum = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < logits.length; j++) maximum = Math.max(maximum, logits[j]);
    const perturbed = new Float32Array(logits.length);
    for (let j = 0; j < logits.length; j++) {
      const s = logits[j] - maximum;
      const z = temperature === 0 ? s : Math.fround(s / temperature) + noise[j];
      // A difference beyond float32 is no mask.
      perturbed[j] = temperature === 0 || isMasked(logits[j]) ? z : Math.max(-FLT_MAX, z);
    }
    return perturbed;
  },
  value: (logit, noise, temperature) =>
    Math.min(FLT_MAX, Math.max(-FLT_MAX, Math.fround(logit / temperature) + noise)),
  argmax(z) {
    let best = 0;
    for (let j = 1; j < z.length; j++) if (z[j] > z[best]) best = j;
    return best;
  },
  softmax(z, temperature) {
    const maximum = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    // Halves: the difference of two float32 may overflow.
    const y = z.map((value) => Math.exp((Math.fround(value / 2 - maximum / 2) * 2) / temperature));
    const sum = y.reduce((total, value) => total + value, 0);
    return y.map((value) => value / sum);
  },
  logSample(z, temperature) {
    const maximum = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const x = Float64Array.from(z, (value) => (value - maximum) / temperature);
    const logSum = Math.log(x.reduce((sum, value) => sum + Math.exp(value), 0));
    return Float32Array.from(x, (value, j) => (isMasked(z[j]) ? value : Math.max(-FLT_MAX, value - logSum)));
  },
  logVjp(logs, cotangent, temperature) {
    const sum = logs.reduce((total, value, j) => total + (isMasked(value) ? 0 : cotangent[j]), 0);
    return logs.map((value, j) =>
      isMasked(value) ? 0 : (cotangent[j] - Math.exp(value) * sum) / temperature,
    );
  },
  entropy: (logs) => -logs.reduce((sum, log) => sum + (isMasked(log) ? 0 : Math.exp(log) * log), 0),
  divergence(p, q) {
    if (p.some((log, j) => !isMasked(log) && isMasked(q[j]))) return Number.POSITIVE_INFINITY;
    const terms = Array.from(p, (log, j) => (isMasked(log) ? 0 : Math.exp(log) * (log - q[j])));
    const sum = terms.reduce((total, term) => total + term, 0);
    return Math.min(FLT_MAX, Math.max(0, sum));
  },
  density(logits, logSample, temperature) {
    const n = logits.length;
    const scores = logits.map((logit, j) => logit - temperature * logSample[j]);
    const maximum = scores.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const logSum = Math.log(scores.reduce((sum, score) => sum + Math.exp(score - maximum), 0));
    const logs = scores.map((score) => Math.max(-FLT_MAX, score - maximum - logSum));
    const sum = logs.reduce((total, log) => total + log, 0);
    return Math.max(-FLT_MAX, logGamma(n) + (n - 1) * Math.log(temperature) + sum);
  },
  isOutside: (logit, logSample) =>
    isMasked(logit) ? !isMasked(logSample) : Math.abs(logSample) === Number.POSITIVE_INFINITY,
  logistic: (x0, x1, precision) => logisticOf(wordOf(x0, x1), x1, precision),
  toss(logit, noise, { temperature, hard, logit: isLogit }) {
    const z = logit + noise;
    if (hard) return Number.isNaN(z) ? z : z > 0 ? 1 : 0;
    if (!isLogit) return 1 / (1 + Math.exp(-z / temperature));
    return Number.isFinite(z) ? Math.min(FLT_MAX, Math.max(-FLT_MAX, z / temperature)) : z;
  },
  tossDensity(logit, sample, temperature) {
    const d = Math.abs(logit - temperature * sample);
    if (d === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    return Math.max(-FLT_MAX, Math.log(temperature) - d - 2 * Math.log1p(Math.exp(-d)));
  },
  logSoftmax: (z, index) => z[index] - Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0)),
  vjp(y, cotangent, temperature) {
    const mean = y.reduce((total, value, j) => (value === 0 ? total : total + value * cotangent[j]), 0);
    return y.map((value, j) => (value === 0 ? 0 : (value * (cotangent[j] - mean)) / temperature));
  },
  midpoint: (y, hot) => y.map((value, j) => (value + (j === hot ? 1 : 0)) / 2),
  reinmax: (atMidpoint, atSoftmax) => atMidpoint.map((value, j) => 2 * value - atSoftmax[j] / 2),
  redrawn(s, noise, hot) {
    const given = HONEST_PARTS.condition(noise, s, hot);
    return s.map((value, j) => value + given[j]);
  },
  throughRedraw: (product) => product,
  keysOf: ({ keys }) => keys,
  expectedGap: (s, hot) => Math.fround(expectedGap(s, hot)),
  gapped: (s, hot, gap) => s.map((value, j) => (j === hot ? 0 : Math.min(value, -gap))),
  oneHot(hot, categories) {
    const y = new Float32Array(categories);
    if (categories > 0) y[hot] = 1;
    return y;
  },
  isDegenerate: (logits) => degeneracyOf(logits) !== undefined,
  noiseOfGradient: (noise) => noise,
  order: (z) => Array.from(z.keys()).sort((a, b) => z[b] - z[a] || a - b),
  mask: maskRow,
  filterOf: filterOfRow,
  keep: (logits, filter) => keptOf(logits, filter),
  temperatureOf: (decoding, row) => valueOfRow(decoding.temperature, row),
  noiseOfKept: (noise) => noise,
  ownIndex: (sample, categories, j) => sample * categories + j,
  logProbOfKept(z, kept, index) {
    if (!kept.includes(index)) return Number.NEGATIVE_INFINITY;
    return z[index] - Math.log(kept.reduce((sum, j) => sum + Math.exp(z[j]), 0));
  },
  condition(noise, s, index) {
    const logSum = Math.fround(Math.log(s.reduce((sum, value) => sum + Math.exp(value), 0)));
    const first = Math.fround(Math.exp(-noise[index]));
    const z = Math.fround(noise[index] + logSum);
    const limit = Math.fround(z - CONDITIONAL_MARGIN * Math.max(1, Math.abs(z)));
    return noise.map((g, j) => {
      if (j === index) return Math.min(FLT_MAX, z - s[j] * (1 + CONDITIONAL_PUSH));
      const own = -Math.log(Math.fround(Math.exp(-g)) + Math.fround(Math.exp(s[j] - logSum)) * first);
      return Math.min(own, limit - s[j] * (1 - CONDITIONAL_MARGIN));
    });
  },
  at: (start, j, inner) => start + j * inner,
};

export function isMasked(value: number): boolean {
  return value === Number.NEGATIVE_INFINITY;
}
