// How often two distributions draw the same category under the same noise.

/**
 * Probability that the Gumbel-max trick draws the same category of p and of q under the same noise: `Σ_i 1/Σ_j max(p_j/p_i, q_j/q_i)`
 * (Daliri, Musco & Suresh 2024, arXiv 2408.07978). By falling or rising p/q both parts of the inner sum are prefix sums.
 *
 * @param p probabilities of n categories, q as many
 */
export function acceptanceOf(p: Float64Array, q: Float64Array): number {
  // Categories that neither has play no part, wherever they are put.
  const ratios = p.map((value, i) => (value === q[i] ? 1 : value / q[i]));
  // A typed array sorts several times as fast as indices by a comparison; places of equal ratios are one.
  const sorted = ratios.slice().sort();
  const places = new Int32Array(p.length);
  ratios.forEach((ratio, i) => {
    places[i] = lowerBound(sorted, ratio);
  });
  const [above, below] = [new Float64Array(p.length + 1), new Float64Array(p.length + 1)];
  places.forEach((place, i) => {
    above[place] += p[i];
    below[place + 1] += q[i];
  });
  for (let k = 1; k <= p.length; k++) {
    above[p.length - k] += above[p.length - k + 1];
    below[k] += below[k - 1];
  }
  // p_j/p_i is the larger one where p_j/q_j ≥ p_i/q_i.
  return places.reduce((sum, place, i) => {
    if (p[i] === 0 || q[i] === 0) return sum;
    return sum + 1 / (above[place] / p[i] + below[place] / q[i]);
  }, 0);
}

/** Place of the first element that is not below a value. */
function lowerBound(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
