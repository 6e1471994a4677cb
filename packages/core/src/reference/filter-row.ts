// Which categories of a row its filters keep: the definition, by sorting, in float64.
import { isAllowed, type NumericFilter, type ResolvedDecoding, valueOfRow } from "../filters.ts";

/** The parameters of one row. */
export interface RowFilter extends Readonly<Record<NumericFilter, number>> {
  /** τ of the probabilities that filters see. */
  readonly temperature: number;
}

/** All filters off. */
export const NO_FILTERS: RowFilter = {
  temperature: 1,
  topNSigma: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  typicalP: 1,
  epsilonCutoff: 0,
  etaCutoff: 0,
};

/**
 * How far beyond its cut-off (positive) or short of it (negative) a category is still kept: what a float32 backend may do where
 * one lies at a cut-off.
 */
export interface Doubt {
  /** Of masses. */
  readonly mass: number;
  /** Of `(logits − max)/τ`, relative to 1 or its size. */
  readonly logit: number;
}

const NO_DOUBT: Doubt = { mass: 0, logit: 0 };

/** The parameters of a row of a call's logits. */
export function filterOfRow(decoding: ResolvedDecoding, row: number): RowFilter {
  return {
    temperature: decoding.isTemperatureLast ? 1 : valueOfRow(decoding.temperature, row),
    topNSigma: valueOfRow(decoding.topNSigma, row),
    topK: valueOfRow(decoding.topK, row),
    topP: valueOfRow(decoding.topP, row),
    minP: valueOfRow(decoding.minP, row),
    typicalP: valueOfRow(decoding.typicalP, row),
    epsilonCutoff: valueOfRow(decoding.epsilonCutoff, row),
    etaCutoff: valueOfRow(decoding.etaCutoff, row),
  };
}

/** Masks what a call's mask does not allow, in place. */
export function maskRow(logits: Float64Array, decoding: ResolvedDecoding, row: number): void {
  if (decoding.mask === undefined) return;
  for (let j = 0; j < logits.length; j++) {
    if (!isAllowed(decoding, row, j)) logits[j] = Number.NEGATIVE_INFINITY;
  }
}

/**
 * The categories of a row that its filters keep, by falling logit, equal ones by rising index. Temperature 0 keeps all.
 *
 * @param logits of a row that is not degenerate, after the mask
 */
export function keptOf(logits: Float64Array, filter: RowFilter, doubt: Doubt = NO_DOUBT): number[] {
  const ranked = Array.from(logits.keys())
    .filter((j) => logits[j] !== Number.NEGATIVE_INFINITY)
    .sort((a, b) => logits[b] - logits[a] || a - b);
  const { temperature, topK, topP, minP, typicalP, epsilonCutoff, etaCutoff } = filter;
  if (temperature === 0) return ranked;
  const maximum = logits[ranked[0]];
  const s = (j: number) => (logits[j] - maximum) / temperature;
  // A category of scaled logit x passes a bound on it.
  const reaches = (x: number, bound: number) => x >= bound - doubt.logit * Math.max(1, Math.abs(bound));

  let kept = ranked;
  if (filter.topNSigma > 0) {
    const bound = -filter.topNSigma * deviationOf(kept, logits, maximum);
    kept = kept.filter((j) => reaches(logits[j] - maximum, bound));
  }
  if (topK > 0) kept = kept.slice(0, topK);
  if (topP < 1) {
    const p = probabilitiesOf(kept, s);
    const before = exclusiveSumsOf(p);
    kept = kept.filter((_, i) => i === 0 || before[i] < topP + doubt.mass);
  }
  if (minP > 0) kept = kept.filter((j, i) => i === 0 || reaches(s(j), Math.log(minP)));
  if (typicalP < 1) kept = typicalOf(kept, s, typicalP, doubt);
  if (epsilonCutoff > 0) {
    const p = probabilitiesOf(kept, s);
    kept = kept.filter((_, i) => i === 0 || reaches(Math.log(p[i]), Math.log(epsilonCutoff)));
  }
  if (etaCutoff > 0) {
    const p = probabilitiesOf(kept, s);
    const bound = Math.min(Math.log(etaCutoff), Math.log(etaCutoff) / 2 - entropyOf(p));
    kept = kept.filter((_, i) => i === 0 || reaches(Math.log(p[i]), bound));
  }
  return kept;
}

/** Standard deviation of the logits of some categories, those of the whole row. */
function deviationOf(kept: readonly number[], logits: Float64Array, maximum: number): number {
  const mean = kept.reduce((sum, j) => sum + (logits[j] - maximum), 0) / kept.length;
  const squares = kept.reduce((sum, j) => sum + (logits[j] - maximum - mean) ** 2, 0);
  return Math.sqrt(squares / kept.length);
}

/** Probabilities of categories among one another. */
function probabilitiesOf(kept: readonly number[], s: (j: number) => number): number[] {
  const weights = kept.map((j) => Math.exp(s(j) - s(kept[0])));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function exclusiveSumsOf(p: readonly number[]): number[] {
  let sum = 0;
  return p.map((value) => {
    const before = sum;
    sum += value;
    return before;
  });
}

function entropyOf(p: readonly number[]): number {
  return p.reduce((sum, value) => (value > 0 ? sum - value * Math.log(value) : sum), 0);
}

/** Locally typical categories (Meister et al. 2023), in the order that they came in. */
function typicalOf(kept: number[], s: (j: number) => number, mass: number, doubt: Doubt): number[] {
  const p = probabilitiesOf(kept, s);
  const entropy = entropyOf(p);
  const surprise = p.map((value) => Math.abs(-Math.log(value) - entropy));
  const order = Array.from(kept.keys()).sort((a, b) => surprise[a] - surprise[b] || a - b);
  const sums = exclusiveSumsOf(order.map((i) => p[i]));
  const sorted = order.map((i) => surprise[i]);
  // A category comes as much sooner or later as its surprise is in doubt; without doubt at its own place.
  const beforeOf = (place: number) => {
    if (doubt.logit === 0) return sums[place];
    const i = order[place];
    const bound = sorted[place] - doubt.logit * Math.max(1, Math.abs(Math.log(p[i])));
    if (doubt.logit > 0) return sums[countBelow(sorted, bound)];
    const last = countBelow(sorted, bound) - 1;
    return sums[last] + p[order[last]] - p[i];
  };
  const passes = new Set(order.filter((_, place) => place === 0 || beforeOf(place) < mass + doubt.mass));
  return kept.filter((_, i) => passes.has(i));
}

/** How many of some rising values lie below a bound, by bisection. */
function countBelow(rising: readonly number[], bound: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rising[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
