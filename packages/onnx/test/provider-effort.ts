// How much of the suite runs on a provider that computes graphs which another one certifies.
import { isFullRun, quickUnlessFull, smokeUnlessFull } from "@gumbel-tools/test";

/** Some cases on a few inputs; a quick run of the suite with `--full`. */
function fewUnlessFull(cases: RegExp): typeof smokeUnlessFull {
  return isFullRun ? smokeUnlessFull : { quick: true, numRuns: 4, filter: ({ id }) => cases.test(id) };
}

/** The known answers, and a case of each operation. */
export const operationsUnlessFull: typeof smokeUnlessFull = fewUnlessFull(
  /^(bits\/jax|noise\/reference|reference\/(?!rank-5))/,
);

/** Where another configuration of the provider has each operation and only the noise is made otherwise: the noise, and draws. */
export const noiseUnlessFull: typeof smokeUnlessFull = fewUnlessFull(
  /^(bits\/jax|noise\/reference|reference\/(categorical|gumbelTopK)$)/,
);

/** Cases of the sampler, and of what a graph does with its noise. */
const AFTER_NOISE = /^(tails|logits|gradients|history|lifetime|programs|arguments|estimators)\//;

/** A quick run of such a configuration without these cases; the whole suite with `--full`. */
export const quickNoiseUnlessFull: typeof quickUnlessFull = isFullRun
  ? quickUnlessFull
  : { ...quickUnlessFull, filter: ({ id }) => !AFTER_NOISE.test(id) };
