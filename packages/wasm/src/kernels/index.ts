// The kernels of this package.
import type { Mode } from "@gumbel/core/shared";
import type { WasmBackend } from "../backend.ts";
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

export const kernels: WasmBackend<Mode>["kernels"] = {
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
