// Products of estimators of hard samples but straight-through on a GPU, made of kernels and of TensorFlow.js's operations that are exact:
// J(y)ᵀc = y∘(c − Σ c∘y).
import type { Key } from "@gumbel/core";
import {
  FLT_MAX,
  type ResolvedGumbelSoftmax,
  type ResolvedSoftmax,
  type RowLayout,
} from "@gumbel/core/adapter";
import type { TensorKernels } from "../backend.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";

/** What the estimators are made of. */
interface Kernels
  extends Pick<
    TensorKernels,
    "gumbelSoftmax" | "categorical" | "conditionalGumbel" | "softmax" | "softmaxVjp" | "softmaxVjpOfSample"
  > {
  /** The largest of each row as `[samples, outer, 1, inner]`; that of TensorFlow.js is −1e20 at least on WebGL. */
  maximum(values: TfTensor, layout: RowLayout): TfTensor;
}

/** A call and its tensors. */
interface Sample {
  readonly tf: TfCore;
  readonly kernels: Kernels;
  readonly call: ResolvedGumbelSoftmax;
  readonly logits: TfTensor;
  readonly cotangent: TfTensor;
}

/** The product of a call whose estimator is another one than straight-through, summed over the samples. */
export function estimate(
  tf: TfCore,
  kernels: Kernels,
  call: ResolvedGumbelSoftmax,
  logits: TfTensor,
  cotangent: TfTensor,
): TfTensor {
  const sample = { tf, kernels, call, logits, cotangent };
  const { estimator } = call;
  return tf.tidy(() => {
    if (estimator?.name === "reinmax") return reinmax(sample);
    if (estimator?.name === "gumbel-rao") return gumbelRao(sample, estimator.keys);
    return gapped(sample, estimator?.name === "gapped" ? estimator.gap : 0);
  });
}

/** Liu et al. 2023: `2·J(π)ᵀc − ½·J(p)ᵀc`, π halfway from `softmax(logits/temperature)` to the sample, `p = softmax(logits)`. */
function reinmax({ tf, kernels, call, logits, cotangent }: Sample): TfTensor {
  const plain = { ...withoutSamples(call), temperature: 1 };
  const { y } = kernels.softmax(withoutSamples(call), { logits });
  const hard = kernels.gumbelSoftmax(call, { logits }).y;
  const pi = tf.mul(tf.add(inRows(tf, hard, call), inRows(tf, y, plain)), 0.5);
  const at = { ...call, temperature: 1 };
  const second = kernels.softmaxVjpOfSample(at, tf.reshape(pi, [...call.outputShape]), cotangent);
  const summed = tf.reshape(tf.sum(inRows(tf, cotangent, call), 0), [...call.shape]);
  const first = kernels.softmaxVjp(plain, { logits, cotangent: summed }).gradient;
  return tf.sub(tf.mul(second, 2), tf.mul(first, 0.5));
}

/** Paulus et al. 2021: the mean of straight-through over noise that is redrawn given the sample, and held constant. */
function gumbelRao(sample: Sample, keys: readonly Key[]): TfTensor {
  const { tf, kernels, call, logits } = sample;
  const { layout, shape, axis, sampleShape, outputShape } = call;
  const indicesShape = [...sampleShape, ...shape.slice(0, axis), ...shape.slice(axis + 1)];
  const drawn = { shape, axis, sampleShape, layout, temperature: 1 };
  const { indices } = kernels.categorical(
    { ...drawn, noise: call.noise, decoding: undefined, outputShape: indicesShape },
    { logits },
  );
  const s = scaled(sample);
  let total: TfTensor | undefined;
  for (const key of keys) {
    const before = total;
    total = tf.tidy(() => {
      const noise = { ...call.noise, key };
      const given = kernels.conditionalGumbel(
        { ...drawn, noise, indicesShape, outputShape },
        { logits, indices },
      );
      const product = productAt(sample, tf.add(s, inRows(tf, given.noise, call)));
      return before === undefined ? product : tf.add(before, product);
    });
    before?.dispose();
  }
  return tf.mul(total!, 1 / keys.length);
}

/** Fan et al. 2022: the sampled category has the largest logit, the others lie at least a gap below it. */
function gapped(sample: Sample, gap: number | "expected"): TfTensor {
  const { tf, kernels, call, logits } = sample;
  const isHot = tf.equal(inRows(tf, kernels.gumbelSoftmax(call, { logits }).y, call), 1);
  const s = scaled(sample);
  const held = tf.minimum(s, gap === "expected" ? tf.neg(expectedGap(sample, s, isHot)) : -gap);
  return productAt(sample, tf.where(isHot, 0, held));
}

/** `−ln(1 − p)/p` of each row, with p of the sampled category, from the log-odds t of p. */
function expectedGap(sample: Sample, s: TfTensor, isHot: TfTensor): TfTensor {
  const { tf, kernels, call } = sample;
  const { layout } = call;
  // Not masked, so that the row is not degenerate where the others are.
  const others = tf.where(isHot, -FLT_MAX, s);
  const most = kernels.maximum(others, layout);
  // The largest log-probability among the others is minus the logarithm of the sum of exponentials.
  const { y } = kernels.softmax(
    { ...ofSamples(call), temperature: 1, log: true },
    { logits: tf.reshape(others, [...call.outputShape]) },
  );
  const own = kernels.maximum(tf.where(isHot, s, Number.NEGATIVE_INFINITY), layout);
  const t = tf.add(tf.sub(own, most), kernels.maximum(y, layout));
  const u = tf.exp(tf.minimum(t, tf.neg(t)));
  const slope = log1pSlope(tf, u);
  return tf.mul(tf.add(u, 1), tf.where(tf.greater(t, 0), tf.add(t, tf.mul(u, slope)), slope));
}

/** `ln(1 + u)/u` for u in [0, 1], where TensorFlow.js's log1p is that of a rounded 1 + u on WebGL: 2·artanh(w)/u with w = u/(2 + u). */
function log1pSlope(tf: TfCore, u: TfTensor): TfTensor {
  const w = tf.div(u, tf.add(u, 2));
  const square = tf.mul(w, w);
  // w² ≤ 1/9: the first term that is left out is below 2⁻²⁶.
  let series = tf.mul(square, 1 / 15);
  for (let k = 13; k >= 3; k -= 2) series = tf.mul(square, tf.add(series, 1 / k));
  return tf.div(tf.mul(tf.add(series, 1), 2), tf.add(u, 2));
}

/** `J(y)ᵀc/temperature` at `y = softmax(z/temperature)`, of rows of every sample. */
function productAt({ tf, kernels, call, cotangent }: Sample, z: TfTensor): TfTensor {
  const { y } = kernels.softmax(ofSamples(call), { logits: tf.reshape(z, [...call.outputShape]) });
  return kernels.softmaxVjpOfSample(call, y, cotangent);
}

/** The plain softmax of logits of every sample. */
function ofSamples(call: ResolvedSoftmax): ResolvedSoftmax {
  const { layout, outputShape } = call;
  return {
    ...withoutSamples(call),
    shape: outputShape,
    outputShape,
    axis: call.axis + call.sampleShape.length,
    layout: { ...layout, samples: 1, outer: layout.samples * layout.outer },
  };
}

/** Logits less the largest of their row, in four dimensions. */
function scaled({ tf, kernels, call, logits }: Sample): TfTensor {
  const plain = withoutSamples(call);
  return tf.sub(inRows(tf, logits, plain), kernels.maximum(logits, plain.layout));
}

/** The plain softmax of the logits of a call. */
function withoutSamples({ shape, axis, layout, temperature }: ResolvedSoftmax): ResolvedSoftmax {
  const plain = { shape, axis, sampleShape: [], layout: { ...layout, samples: 1 }, outputShape: shape };
  return { ...plain, temperature, hard: false, log: false };
}

/** A tensor as `[samples, outer, categories, inner]`: TensorFlow.js's own operations are wrong beyond six dimensions on some backends. */
function inRows(tf: TfCore, tensor: TfTensor, { layout }: ResolvedSoftmax): TfTensor {
  return tf.reshape(tensor, [layout.samples, layout.outer, layout.categories, layout.inner]);
}
