// The upper tail of a gamma distribution of integer shape, as a logarithm, so that it says how small when it is below 1e-308.

/**
 * `ln Pr[S ≥ s]` of a sum S of n independent standard exponentials: the regularised `Q(n, s)`. As n is an integer it is
 * a finite sum of positive terms, `e^−s·Σ_{k<n} s^k/k!` (Abramowitz and Stegun 26.4.21), summed here from its largest term down.
 *
 * @param n an integer ≥ 0
 * @param s ≥ 0
 */
export function logGammaTail(n: number, s: number): number {
  if (n === 0 || s === 0) return 0;
  const largest = Math.min(n - 1, Math.floor(s));
  let logLargest = -s;
  for (let k = 1; k <= largest; k++) logLargest += Math.log(s / k);
  let sum = 1;
  for (let k = largest, term = 1; k > 0 && term > 0; k--) {
    term *= k / s;
    sum += term;
  }
  for (let k = largest + 1, term = 1; k < n && term > 0; k++) {
    term *= s / k;
    sum += term;
  }
  return Math.min(0, logLargest + Math.log(sum));
}
