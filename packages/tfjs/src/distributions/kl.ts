// Kullback–Leibler divergences between distributions.
import { describe } from "@gumbel/core/adapter";
import { Categorical } from "./categorical.ts";
import { OneHotCategorical } from "./one-hot-categorical.ts";

/**
 * `KL(p‖q)` in nats of each row, differentiable in both: `torch.distributions.kl_divergence`. +∞ where q gives no probability to a
 * category that p does.
 *
 * @param p a categorical distribution, over indices or one-hots
 * @param q another one, of the same shape
 * @throws TypeError for relaxed distributions, whose divergence has no closed form: average `logProb` over samples
 * @example kl(new Categorical(tf, { logits: posterior }), new Categorical(tf, { logits: prior }))
 */
export function kl<T>(p: Categorical<T> | OneHotCategorical<T>, q: Categorical<T> | OneHotCategorical<T>): T {
  for (const each of [p, q]) {
    if (each instanceof Categorical || each instanceof OneHotCategorical) continue;
    throw new TypeError(`kl takes categorical distributions, got ${describe(each)}`);
  }
  const { tf, sampler, logits } = p.parameters;
  return tf.tidy(() => sampler.klDivergence(logits(), q.parameters.logits())) as T;
}
