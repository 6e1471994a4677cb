// Gumbel noise of a row given its argmax, in exact arithmetic: what conditionalGumbel and the Gumbel-Rao estimator share.
import type { Row } from "./rows.ts";

/**
 * Noise given that `argmax(logits/temperature + noise)` is the winner. With exponentials E = exp(−g) of the row's own noise
 * and p = softmax(logits/temperature), the winner's is `−log E − log p` and that of another category `−log(E + p·E_winner)`:
 * the minimum of all is exponential whoever attains it, and what the others have beyond it is exponential again.
 */
export function redraw({ logits, maximum, noise }: Row, winner: number, temperature: number): Float64Array {
  const s = logits.map((logit) => (logit - maximum) / temperature);
  const logSum = Math.log(s.reduce((sum, value) => sum + Math.exp(value), 0));
  const first = Math.exp(-noise[winner]);
  return noise.map((g, j) =>
    j === winner ? g + logSum - s[j] : -Math.log(Math.exp(-g) + Math.exp(s[j] - logSum) * first),
  );
}
