// Products of estimators of hard samples but straight-through on a GPU, made of kernels and of TensorFlow.js's operations that are exact:
// J(y)ᵀc = y∘(c − Σ c∘y).
import type { Key } from "@gumbel/core";
import type { ResolvedGumbelSoftmax, ResolvedSoftmax } from "@gumbel/core/adapter";
import type { TensorKernels } from "../backend.ts";
import type { TfCore, TfTensor } from "../tensorflow.ts";

/** What the estimators are made of. */
type Kernels = Pick<
  TensorKernels,
  "gumbelSoftmax" | "categorical" | "conditionalGumbel" | "softmax" | "softmaxVjp" | "softmaxVjpOfSample"
>;

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
function gapped(sample: Sample, gap: number): TfTensor {
  const { tf, kernels, call, logits } = sample;
  const hard = inRows(tf, kernels.gumbelSoftmax(call, { logits }).y, call);
  const held = tf.minimum(scaled(sample), -gap);
  return productAt(sample, tf.where(tf.equal(hard, 1), 0, held));
}

/** `J(y)ᵀc/temperature` at `y = softmax(z/temperature)`, of rows of every sample. */
function productAt({ tf, kernels, call, cotangent }: Sample, z: TfTensor): TfTensor {
  const { layout, outputShape, temperature } = call;
  const ofSamples: ResolvedSoftmax = {
    ...withoutSamples(call),
    shape: outputShape,
    outputShape,
    axis: call.axis + call.sampleShape.length,
    layout: { ...layout, samples: 1, outer: layout.samples * layout.outer },
    temperature,
  };
  const { y } = kernels.softmax(ofSamples, { logits: tf.reshape(z, [...outputShape]) });
  return kernels.softmaxVjpOfSample(call, y, cotangent);
}

/** Logits less the largest of their row, in four dimensions. */
function scaled({ tf, call, logits }: Sample): TfTensor {
  const rows = inRows(tf, logits, withoutSamples(call));
  return tf.sub(rows, tf.max(rows, 2, true));
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
