// ln Γ of whole numbers, which the densities of relaxed samples are normalised by.

/**
 * `ln Γ(n) = ln (n − 1)!`, to float64's precision: a sum of logarithms, and from 16 on Stirling's series.
 *
 * @param n an integer ≥ 1
 */
export function logGamma(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let i = 2; i < n; i++) product *= i;
    return Math.log(product);
  }
  // Abramowitz and Stegun 6.1.41; the next term is below 1e-12.
  const inverse = 1 / n;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (n - 0.5) * Math.log(n) - n + Math.log(2 * Math.PI) / 2 + series;
}
