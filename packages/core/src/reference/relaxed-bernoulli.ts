// relaxedBernoulli in float64.
import { sizeOf } from "../layout.ts";
import type { NdArray } from "../nd-array.ts";
import { FLT_MAX } from "../numerics.ts";
import {
  type RelaxedBernoulliOptions,
  type ResolvedRelaxedBernoulli,
  relaxedBernoulliOperation,
} from "../operations/relaxed-bernoulli.ts";
import { blockOf } from "../random/counter.ts";
import { logisticOf, wordOf } from "../random/noise.ts";
import type { ResolvedNoise } from "../resolve.ts";
import { evaluate } from "./evaluate.ts";

export default function kernel(
  call: ResolvedRelaxedBernoulli,
  { logits }: { readonly logits: NdArray },
): { y: NdArray<Float64Array> } {
  const data = Float64Array.from({ length: sizeOf(call.outputShape) }, (_, i) =>
    sampleOf(logits.data[i % logits.data.length], logisticAt(call.noise, i), call),
  );
  return { y: { data, shape: [...call.outputShape] } };
}

function sampleOf(
  logit: number,
  noise: number,
  { temperature, hard, logit: isLogit }: ResolvedRelaxedBernoulli,
): number {
  const z = logit + noise;
  if (hard) return Number.isNaN(z) ? z : z > 0 ? 1 : 0;
  const x = z / temperature;
  if (!isLogit) return 1 / (1 + Math.exp(-x));
  return Number.isFinite(z) ? Math.min(FLT_MAX, Math.max(-FLT_MAX, x)) : x;
}

/** The logistic variate of element `index` of a noise shape. */
export function logisticAt(noise: ResolvedNoise, index: number): number {
  const [x0, x1] = blockOf(noise.key, noise, index);
  return logisticOf(wordOf(x0, x1), x1, noise.precision);
}

/**
 * A relaxed Bernoulli sample of each element, `σ((logits + L)/temperature)` with logistic noise L; with `hard` 1 or 0, with
 * `logit` its logit.
 *
 * @param logits log-odds, of any shape: −∞ is never, +∞ always
 * @returns samples of shape `[...sampleShape, ...logits.shape]`; NaN where a logit is
 * @throws RangeError or TypeError for a bad option
 * @example relaxedBernoulli({ data: [0, 2], shape: [2] }, { key: key(42), hard: true })
 */
export function relaxedBernoulli(logits: NdArray, options?: RelaxedBernoulliOptions): NdArray<Float64Array> {
  return evaluate(relaxedBernoulliOperation, kernel, [logits, options]).y;
}
