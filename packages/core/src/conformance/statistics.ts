// Distribution-free bounds for tests at a stated false-failure rate. Keys are fixed, so a verdict never changes from run
// to run: the rate is that of a right implementation failing under other keys.
import { ConformanceFailure } from "./failure.ts";

/** Probability that a right backend would fail one test, over the choice of its key. */
export const FALSE_FAILURE_RATE = 1e-9;

/**
 * χ² test of counts against probabilities. The bound is Laurent and Massart's (2000, lemma 1):
 * P(χ²ₖ ≥ k + 2√(kx) + 2x) ≤ e^−x. It detects a discrepancy w = √(Σ (qᵢ − pᵢ)²/pᵢ) with about `n·w² > bound`.
 */
export function checkFrequencies(
  clause: string,
  what: string,
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): void {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  let cells = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const expected = total * probabilities[i];
    if (expected === 0) {
      if (counts[i] > 0)
        throw new ConformanceFailure(clause, { note: `${what}: an impossible outcome ${i} came up` });
      continue;
    }
    cells++;
    statistic += (counts[i] - expected) ** 2 / expected;
  }
  const x = -Math.log(FALSE_FAILURE_RATE);
  const freedom = cells - 1;
  const bound = freedom + 2 * Math.sqrt(freedom * x) + 2 * x;
  if (statistic <= bound) return;
  throw new ConformanceFailure(clause, {
    note: `${what}: counts [${Array.from(counts)}] of ${total}, χ² = ${statistic.toFixed(1)} with ${freedom} degrees of freedom; a right backend stays below ${bound.toFixed(1)} but for a chance of ${FALSE_FAILURE_RATE}`,
  });
}

/**
 * Kolmogorov–Smirnov test of values against a distribution function, with the Dvoretzky–Kiefer–Wolfowitz bound in
 * Massart's form: P(sup |Fₙ − F| > ε) ≤ 2e^(−2nε²). It detects a distance of distribution functions of twice ε.
 */
export function checkDistribution(
  clause: string,
  what: string,
  values: ArrayLike<number>,
  distribution: (value: number) => number,
): void {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const probability = distribution(sorted[i]);
    distance = Math.max(distance, (i + 1) / n - probability, probability - i / n);
  }
  const bound = Math.sqrt(Math.log(2 / FALSE_FAILURE_RATE) / (2 * n));
  // Written so that NaN fails.
  if (distance <= bound) return;
  throw new ConformanceFailure(clause, {
    note: `${what}: ${n} values lie ${distance.toFixed(5)} from their distribution function; a right backend stays below ${bound.toFixed(5)} but for a chance of ${FALSE_FAILURE_RATE}`,
  });
}
