// Products of estimators of hard samples but straight-through, made of the engine's softmaxes and their products: J(y)ᵀc = y∘(c − Σ c∘y).
import { expectedGap, type ResolvedGumbelSoftmax, rowCountOf, rowStartOf } from "@gumbel/core/adapter";
import type { Key } from "@gumbel/core/shared";
import type { MemoryLayout, Steps } from "../engine/kernel.ts";
import { argmaxOf } from "./argmax.ts";
import { vjpOfSample } from "./backward.ts";
import { conditionalNoise, probabilitiesOf } from "./conditional-gumbel.ts";
import { softOf } from "./forward.ts";
import { loadRepeated } from "./noise-tasks.ts";

type Floats = Float32Array<ArrayBuffer>;

/** A call and its logits, cotangent and hard sample: the category of each row, −1 in a degenerate one. */
interface Sample {
  readonly memory: MemoryLayout;
  readonly call: ResolvedGumbelSoftmax;
  readonly logits: Float32Array;
  readonly cotangent: Float32Array;
  readonly hot: Int32Array;
}

/** The product of a call whose estimator is none that {@link softOf} alone serves, summed over the samples. */
export function* estimate(
  memory: MemoryLayout,
  logits: Float32Array,
  cotangent: Float32Array,
  call: ResolvedGumbelSoftmax,
): Steps<Floats> {
  const { estimator, layout, noise } = call;
  const hot = yield* argmaxOf(memory, logits, layout, noise, 1);
  const sample = { memory, call, logits, cotangent, hot };
  if (estimator?.name === "reinmax") return yield* reinmax(sample);
  if (estimator?.name === "gumbel-rao") return yield* gumbelRao(sample, estimator.keys);
  return yield* productAt(sample, gappedLogits(sample, estimator?.name === "gapped" ? estimator.gap : 0));
}

/** Liu et al. 2023: `2·J(π)ᵀc − ½·J(p)ᵀc`, π halfway from `softmax(logits/temperature)` to the sample, `p = softmax(logits)`. */
function* reinmax({ memory, call, logits, cotangent, hot }: Sample): Steps<Floats> {
  const plain = { ...call, temperature: 1 };
  const pi = yield* plainOf(memory, logits, call);
  for (let i = 0; i < pi.length; i++) pi[i] /= 2;
  hot.forEach((category, row) => {
    if (category >= 0) pi[rowStartOf(call.layout, row) + category * call.layout.inner] += 0.5;
  });
  const gradient = yield* vjpOfSample(memory, pi, cotangent, plain);
  const p = yield* plainOf(memory, logits, plain);
  const first = yield* vjpOfSample(memory, p, cotangent, plain);
  for (let i = 0; i < gradient.length; i++) gradient[i] = 2 * gradient[i] - first[i] / 2;
  return gradient;
}

/** `softmax(logits/temperature)`, once for each sample. */
function* plainOf(memory: MemoryLayout, logits: Float32Array, call: ResolvedGumbelSoftmax): Steps<Floats> {
  const y = yield* probabilitiesOf(memory, logits, call);
  const all = new Float32Array(y.length * call.layout.samples);
  loadRepeated(all, y, 0);
  return all;
}

/** Paulus et al. 2021: the mean of straight-through over noise that is redrawn given the sample, and held constant. */
function* gumbelRao(sample: Sample, keys: readonly Key[]): Steps<Floats> {
  const { memory, call, logits, hot } = sample;
  const p = yield* probabilitiesOf(memory, logits, { ...call, temperature: 1 });
  const mean = new Float64Array(logits.length);
  for (const key of keys) {
    const z = yield* conditionalNoise(memory, logits, p, hot, call.layout, { ...call.noise, key }, 1);
    eachRow(sample, (start, logitsStart, max, step, end) => {
      for (let at = 0; at < end; at += step) z[start + at] += logits[logitsStart + at] - max;
    });
    const product = yield* productAt(sample, z);
    for (let i = 0; i < mean.length; i++) mean[i] += product[i] / keys.length;
  }
  return Float32Array.from(mean);
}

/** Fan et al. 2022: the sampled category has the largest logit, the others lie at least a gap below it. NaN in degenerate rows. */
function gappedLogits(sample: Sample, gap: number | "expected"): Floats {
  const { logits, hot, cotangent, call } = sample;
  const z = new Float32Array(cotangent.length);
  const s = new Float64Array(call.layout.categories);
  eachRow(sample, (start, logitsStart, max, step, end, row) => {
    for (let at = 0, j = 0; at < end; at += step) s[j++] = logits[logitsStart + at] - max;
    const least = gap === "expected" ? expectedGap(s, hot[row]) : gap;
    for (let at = 0, j = 0; at < end; at += step) z[start + at] = Math.min(s[j++], -least);
    if (hot[row] >= 0) z[start + hot[row] * step] = 0;
  });
  return z;
}

/** `J(y)ᵀc/temperature` at `y = softmax(z/temperature)`, of logits of every sample. */
function* productAt({ memory, call, cotangent }: Sample, z: Floats): Steps<Floats> {
  const { layout } = call;
  const ofSamples = { ...layout, samples: 1, outer: layout.samples * layout.outer };
  const y = yield* softOf(memory, z, { ...call, layout: ofSamples }, undefined);
  return yield* vjpOfSample(memory, y, cotangent, call);
}

/** Visits the rows of all samples with their largest logit, NaN in a degenerate row, which makes all of it NaN. */
function eachRow(
  { call: { layout }, logits, hot }: Sample,
  visit: (start: number, logitsStart: number, max: number, step: number, end: number, row: number) => void,
): void {
  const { samples, categories, inner } = layout;
  const end = categories * inner;
  for (let row = 0; row < samples * rowCountOf(layout); row++) {
    const start = rowStartOf(layout, row);
    const logitsStart = start % logits.length;
    let max = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < end; at += inner) max = Math.max(max, logits[logitsStart + at]);
    visit(start, logitsStart, hot[row] < 0 ? Number.NaN : max, inner, end, row);
  }
}
