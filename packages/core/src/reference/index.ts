// The reference's operations: the free functions, and the kernels behind them.
import type { Backend } from "../backend.ts";
import type { NdArray } from "../nd-array.ts";
import bits from "./bits.ts";
import categorical from "./categorical.ts";
import conditionalGumbel from "./conditional-gumbel.ts";
import entropy from "./entropy.ts";
import gumbel from "./gumbel.ts";
import gumbelSoftmax from "./gumbel-softmax.ts";
import gumbelSoftmaxVjp from "./gumbel-softmax-vjp.ts";
import gumbelTopK from "./gumbel-top-k.ts";
import klDivergence from "./kl-divergence.ts";
import logProb from "./log-prob.ts";
import relaxedBernoulli from "./relaxed-bernoulli.ts";
import relaxedBernoulliLogProb from "./relaxed-bernoulli-log-prob.ts";
import relaxedLogProb from "./relaxed-log-prob.ts";
import softmax from "./softmax.ts";
import softmaxVjp from "./softmax-vjp.ts";

export * from "./bits.ts";
export * from "./categorical.ts";
export * from "./conditional-gumbel.ts";
export * from "./entropy.ts";
export * from "./gumbel.ts";
export * from "./gumbel-softmax.ts";
export * from "./gumbel-softmax-vjp.ts";
export * from "./gumbel-top-k.ts";
export * from "./kl-divergence.ts";
export * from "./log-prob.ts";
export * from "./relaxed-bernoulli.ts";
export * from "./relaxed-bernoulli-log-prob.ts";
export * from "./relaxed-log-prob.ts";
export * from "./softmax.ts";
export * from "./softmax-vjp.ts";

/** The float64 kernels: the definition of every operation. A backend may fall back on them. */
export const referenceKernels: Backend<NdArray>["kernels"] = {
  bits,
  gumbel,
  gumbelSoftmax,
  gumbelSoftmaxVjp,
  softmax,
  softmaxVjp,
  categorical,
  gumbelTopK,
  logProb,
  conditionalGumbel,
  entropy,
  klDivergence,
  relaxedLogProb,
  relaxedBernoulli,
  relaxedBernoulliLogProb,
};
