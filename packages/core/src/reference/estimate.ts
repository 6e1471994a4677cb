// What each estimator makes of a hard sample's cotangent, for one row: formulas as in the papers, on plain arrays.
import type { ResolvedEstimator } from "../estimators.ts";
import { expectedGap } from "../expected-gap.ts";
import type { ResolvedGumbelSoftmax } from "../operations/gumbel-softmax.ts";
import { pullBack, pullBackLogs } from "./pull-back.ts";
import { redraw } from "./redraw.ts";
import { argmax, logSoftmaxOfRow, perturb, type Row, softmaxOfRow, withNoise } from "./rows.ts";

/** An estimator that holds the hard sample constant. */
type HoldingEstimator = Exclude<ResolvedEstimator, { readonly name: "straight-through" }>;

/**
 * The product of one row, which is not degenerate.
 *
 * @param c cotangent of the row
 * @param hot category of the hard sample D, for estimators that hold it constant
 */
export function estimate(row: Row, c: Float64Array, call: ResolvedGumbelSoftmax, hot?: number): Float64Array {
  const { temperature, estimator } = call;
  if (estimator !== undefined && estimator.name !== "straight-through") {
    return estimateAt(hot ?? argmax(perturb(row, 1)), row, c, call, estimator);
  }
  const z = perturb(row, 1);
  const tau = estimator?.temperature ?? temperature;
  return call.log ? pullBackLogs(logSoftmaxOfRow(z, tau), c, tau) : pullBack(softmaxOfRow(z, tau), c, tau);
}

/** The product at a hard sample D. */
function estimateAt(
  hot: number,
  row: Row,
  c: Float64Array,
  { temperature, noise: drawn }: ResolvedGumbelSoftmax,
  estimator: HoldingEstimator,
): Float64Array {
  const s = row.logits.map((logit) => logit - row.maximum);
  switch (estimator.name) {
    case "reinmax": {
      // Liu et al. 2023: 2·J(π)ᵀc − ½·J(p)ᵀc with π = (softmax(logits/temperature) + D)/2 and p = softmax(logits).
      const pi = softmaxOfRow(s, temperature).map((y, j) => (y + (j === hot ? 1 : 0)) / 2);
      const second = pullBack(pi, c, 1);
      const first = pullBack(softmaxOfRow(s, 1), c, 1);
      return second.map((value, j) => 2 * value - first[j] / 2);
    }
    case "gumbel-rao": {
      // Paulus et al. 2021: the mean over noise redrawn given D, which is held constant.
      const mean = new Float64Array(c.length);
      for (const key of estimator.keys) {
        const noise = redraw(withNoise(row, { ...drawn, key }), hot, 1);
        const z = s.map((value, j) => value + noise[j]);
        const product = pullBack(softmaxOfRow(z, temperature), c, temperature);
        for (let j = 0; j < c.length; j++) mean[j] += product[j] / estimator.keys.length;
      }
      return mean;
    }
    case "gapped": {
      // Fan et al. 2022: constants bring the logit of D up to the largest and hold the others a gap below it.
      const gap = estimator.gap === "expected" ? expectedGap(s, hot) : estimator.gap;
      const z = s.map((value, j) => (j === hot ? 0 : Math.min(value, -gap)));
      return pullBack(softmaxOfRow(z, temperature), c, temperature);
    }
  }
}
