// Products of estimators of hard samples but straight-through, made of the engine's softmaxes and their products: J(y)ᵀc = y∘(c − Σ c∘y).
import { expectedGap, type ResolvedGumbelSoftmax, rowCountOf, rowStartOf } from "@gumbel/core/adapter";
import type { Key } from "@gumbel/core/shared";
import type { MemoryLayout, Steps } from "../engine/kernel.ts";
import { argmaxOf } from "./argmax.ts";
import { vjpOfSample } from "./backward.ts";
import { conditionalNoise } from "./conditional-gumbel.ts";
import { softOf } from "./forward.ts";
import { loadRepeated } from "./noise-tasks.ts";
import { rowNormalizersOf } from "./row-normalizers.ts";

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
  combine(pi, 0.5, pi, 0);
  hot.forEach((category, row) => {
    if (category >= 0) pi[rowStartOf(call.layout, row) + category * call.layout.inner] += 0.5;
  });
  const gradient = yield* vjpOfSample(memory, pi, cotangent, plain);
  const p = yield* plainOf(memory, logits, plain);
  const first = yield* vjpOfSample(memory, p, cotangent, plain);
  combine(gradient, 2, first, -0.5);
  return gradient;
}

/** `softmax(logits/temperature)`, once for each sample. */
function* plainOf(memory: MemoryLayout, logits: Float32Array, call: ResolvedGumbelSoftmax): Steps<Floats> {
  const layout = { ...call.layout, samples: 1 };
  const y = yield* softOf(memory, logits, { ...call, layout, outputShape: call.shape }, undefined);
  return repeated(y, call.layout.samples);
}

/** Paulus et al. 2021: the mean of straight-through over noise that is redrawn given the sample, and held constant. */
function* gumbelRao(sample: Sample, keys: readonly Key[]): Steps<Floats> {
  const { memory, call, logits, hot } = sample;
  const normalizers = yield* rowNormalizersOf(memory, logits, call.layout, 1);
  const s = shifted(sample);
  const mean = new Float64Array(logits.length);
  for (const key of keys) {
    const z = yield* conditionalNoise(
      memory,
      logits,
      normalizers,
      hot,
      call.layout,
      { ...call.noise, key },
      1,
    );
    combine(z, 1, s, 1);
    combine(mean, 1, yield* productAt(sample, z), 1 / keys.length);
  }
  return Float32Array.from(mean);
}

/** Fan et al. 2022: the sampled category has the largest logit, the others lie at least a gap below it. A degenerate row stays one. */
function gappedLogits(sample: Sample, gap: number | "expected"): Floats {
  const { hot, call } = sample;
  const { categories, inner } = call.layout;
  const z = shifted(sample);
  const s = new Float64Array(categories);
  for (let row = 0; row < hot.length; row++) {
    if (hot[row] < 0) continue;
    const start = rowStartOf(call.layout, row);
    for (let j = 0; j < categories; j++) s[j] = z[start + j * inner];
    const least = gap === "expected" ? expectedGap(s, hot[row]) : gap;
    for (let j = 0; j < categories; j++) z[start + j * inner] = Math.min(s[j], -least);
    z[start + hot[row] * inner] = 0;
  }
  return z;
}

/** `J(y)ᵀc/temperature` at `y = softmax(z/temperature)`, of logits of every sample. */
function* productAt({ memory, call, cotangent }: Sample, z: Floats): Steps<Floats> {
  const { layout } = call;
  const ofSamples = { ...layout, samples: 1, outer: layout.samples * layout.outer };
  const y = yield* softOf(memory, z, { ...call, layout: ofSamples }, undefined);
  return yield* vjpOfSample(memory, y, cotangent, call);
}

/** Logits less the largest of their row, once for each sample. */
function shifted({ logits, call: { layout } }: Sample): Floats {
  const s = new Float32Array(logits.length);
  const { categories, inner } = layout;
  for (let row = 0; row < rowCountOf(layout); row++) {
    const start = rowStartOf(layout, row);
    const end = start + categories * inner;
    let max = Number.NEGATIVE_INFINITY;
    for (let at = start; at < end; at += inner) max = Math.max(max, logits[at]);
    for (let at = start; at < end; at += inner) s[at] = logits[at] - max;
  }
  return repeated(s, layout.samples);
}

function repeated(values: Float32Array, samples: number): Floats {
  const all = new Float32Array(values.length * samples);
  loadRepeated(all, values, 0);
  return all;
}

/** `a·x + b·y`, in the place of x. Not in a generator, where V8 is slow with loops. */
function combine(x: Float32Array | Float64Array, a: number, y: Float32Array, b: number): void {
  for (let i = 0; i < x.length; i++) x[i] = a * x[i] + b * y[i];
}
