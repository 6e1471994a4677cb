// The gap that Fan et al. 2022 derive for their gapped estimator.

/**
 * `−ln(1 − p)/p` with p the softmax of the logits at a category: by how much its perturbed logit leads the second largest in the
 * mean, given that it is the largest. From 1 for a p of 0 to infinity for a p of 1. Computed from the log-odds of p, which neither
 * end rounds away.
 *
 * @param logits unnormalised log-probabilities of one row, which is not degenerate
 * @param hot the category, which is not masked
 */
export function expectedGap(logits: ArrayLike<number>, hot: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < logits.length; j++) if (j !== hot) most = Math.max(most, logits[j]);
  if (most === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let j = 0; j < logits.length; j++) if (j !== hot) sum += Math.exp(logits[j] - most);
  const logOdds = logits[hot] - most - Math.log(sum);
  const odds = Math.exp(-Math.abs(logOdds));
  // With odds r = p/(1 − p) it is ln(1 + r)·(1 + r)/r.
  if (logOdds >= 0) return (logOdds + Math.log1p(odds)) * (1 + odds);
  return odds === 0 ? 1 : (Math.log1p(odds) / odds) * (1 + odds);
}
