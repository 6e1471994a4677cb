// The operations of the sampling spec: the only list. Samplers, capabilities, the suite and encoders are read off it.
import type { Mode, Operation, Results } from "../operation.ts";
import { type BitsMethod, bitsOperation } from "./bits.ts";
import { type CategoricalMethod, categoricalOperation } from "./categorical.ts";
import { type ConditionalGumbelMethod, conditionalGumbelOperation } from "./conditional-gumbel.ts";
import { type EntropyMethod, entropyOperation } from "./entropy.ts";
import { type GumbelMethod, gumbelOperation } from "./gumbel.ts";
import { type GumbelSoftmaxMethod, gumbelSoftmaxOperation } from "./gumbel-softmax.ts";
import { type GumbelSoftmaxVjpMethod, gumbelSoftmaxVjpOperation } from "./gumbel-softmax-vjp.ts";
import { type GumbelTopKMethod, gumbelTopKOperation } from "./gumbel-top-k.ts";
import { type KlDivergenceMethod, klDivergenceOperation } from "./kl-divergence.ts";
import { type LogProbMethod, logProbOperation } from "./log-prob.ts";
import { type RelaxedBernoulliMethod, relaxedBernoulliOperation } from "./relaxed-bernoulli.ts";
import {
  type RelaxedBernoulliLogProbMethod,
  relaxedBernoulliLogProbOperation,
} from "./relaxed-bernoulli-log-prob.ts";
import { type RelaxedLogProbMethod, relaxedLogProbOperation } from "./relaxed-log-prob.ts";
import { type SoftmaxMethod, softmaxOperation } from "./softmax.ts";
import { type SoftmaxVjpMethod, softmaxVjpOperation } from "./softmax-vjp.ts";

export type * from "./bits.ts";
export type * from "./categorical.ts";
export type * from "./conditional-gumbel.ts";
export type * from "./entropy.ts";
export type * from "./gumbel.ts";
export type * from "./gumbel-softmax.ts";
export type * from "./gumbel-softmax-vjp.ts";
export type * from "./gumbel-top-k.ts";
export type * from "./kl-divergence.ts";
export type * from "./log-prob.ts";
export type * from "./relaxed-bernoulli.ts";
export type * from "./relaxed-bernoulli-log-prob.ts";
export type * from "./relaxed-log-prob.ts";
export type * from "./softmax.ts";
export type * from "./softmax-vjp.ts";

/** The entries, in the order of reports. */
export const ENTRIES: readonly Operation[] = [
  bitsOperation,
  gumbelOperation,
  gumbelSoftmaxOperation,
  gumbelSoftmaxVjpOperation,
  softmaxOperation,
  softmaxVjpOperation,
  categoricalOperation,
  gumbelTopKOperation,
  logProbOperation,
  conditionalGumbelOperation,
  entropyOperation,
  klDivergenceOperation,
  relaxedLogProbOperation,
  relaxedBernoulliOperation,
  relaxedBernoulliLogProbOperation,
];

/** Type of any entry. */
export type Entry =
  | typeof bitsOperation
  | typeof gumbelOperation
  | typeof gumbelSoftmaxOperation
  | typeof gumbelSoftmaxVjpOperation
  | typeof softmaxOperation
  | typeof softmaxVjpOperation
  | typeof categoricalOperation
  | typeof gumbelTopKOperation
  | typeof logProbOperation
  | typeof conditionalGumbelOperation
  | typeof entropyOperation
  | typeof klDivergenceOperation
  | typeof relaxedLogProbOperation
  | typeof relaxedBernoulliOperation
  | typeof relaxedBernoulliLogProbOperation;

/** The methods of a sampler over tensors of type `T`, which return results (`"sync"`) or promises (`"async"`). */
export interface Methods<T, M extends Mode, R extends Results>
  extends BitsMethod<M, R>,
    GumbelMethod<M, R>,
    GumbelSoftmaxMethod<T, M, R>,
    GumbelSoftmaxVjpMethod<T, M, R>,
    SoftmaxMethod<T, M, R>,
    SoftmaxVjpMethod<T, M, R>,
    CategoricalMethod<T, M, R>,
    GumbelTopKMethod<T, M, R>,
    LogProbMethod<T, M, R>,
    ConditionalGumbelMethod<T, M, R>,
    EntropyMethod<T, M, R>,
    KlDivergenceMethod<T, M, R>,
    RelaxedLogProbMethod<T, M, R>,
    RelaxedBernoulliMethod<T, M, R>,
    RelaxedBernoulliLogProbMethod<T, M, R> {}
