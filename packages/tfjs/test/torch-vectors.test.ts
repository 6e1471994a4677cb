// Distributions against values and gradients that PyTorch computed in float64.
import { beforeAll, describe, expect, it } from "vitest";
import vectors from "../../core/test/vectors/torch-2.13.0.json" with { type: "json" };
import {
  Categorical,
  createSampler,
  kl,
  OneHotCategorical,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
} from "../src/index.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

type Tensor = ReturnType<typeof tf.tensor>;

/** Sums of a row cancel in float32: errors are compared with its largest term. */
function expectNear(got: Tensor, expected: readonly number[], largest: number): void {
  const data = got.dataSync();
  expect(data).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(data[i] - value) / largest, `element ${i} is ${data[i]}, not ${value}`).toBeLessThan(
      2e-5,
    );
  });
}

describe.each(NODE_BACKENDS)("on %s", (backend) => {
  beforeAll(() => tf.setBackend(backend));

  describe.each(vectors.settings)("PyTorch 2.13.0, logits $logits, τ = $temperature", (golden) => {
    const { temperature } = golden;
    /** Scores of a density grow with τ and the log-sample, its gradients with those. */
    const largest = (logs: readonly number[]) =>
      Math.max(1, ...logs.map((log) => Math.abs(log) * temperature), ...golden.logits.map(Math.abs)) *
      logs.length;
    /** A loss of logits and another parameter: its value, and its gradients. */
    function expectLoss(
      loss: (logits: Tensor, other: Tensor) => Tensor,
      other: number | readonly number[],
      { value, gradients }: { readonly value: number; readonly gradients: readonly (number | number[])[] },
      scale: number,
    ): void {
      const parameters = [tf.tensor1d(golden.logits), tf.tensor(other as number[])];
      expectNear(loss(...(parameters as [Tensor, Tensor])), [value], scale);
      const got = tf.grads((l, o) => tf.add(loss(l, o), tf.mul(tf.sum(o), 0)))(parameters as Tensor[]);
      gradients.forEach((gradient, i) => {
        expectNear(got[i], [gradient].flat(), scale * Math.max(1, ...[gradient].flat().map(Math.abs)));
      });
    }

    it("Categorical and OneHotCategorical", () => {
      for (const make of [
        (logits: Tensor) => new Categorical(tf, { logits }),
        (logits: Tensor) => new OneHotCategorical(tf, { logits }),
      ]) {
        const index = tf.scalar(golden.index, "int32") as Tensor;
        const q = make(tf.zeros([golden.logits.length]));
        const value = q instanceof OneHotCategorical ? tf.oneHot(index, golden.logits.length) : index;
        expectLoss((logits) => make(logits).logProb(value as Tensor), 0, golden.logProb, 10);
        expectLoss((logits) => make(logits).entropy(), 0, golden.entropy, 10);
        expectLoss((p, q) => kl(make(p), make(q)), golden.other, golden.kl, 10);
      }
    });

    it("RelaxedOneHotCategorical, of log-samples and samples", () => {
      const { logSample, ofSample } = golden.relaxed;
      const logs = tf.tensor1d(logSample);
      const of = (logits: Tensor, tau: Tensor) =>
        new RelaxedOneHotCategorical(tf, { logits, temperature: tau });
      expectLoss(
        (logits, tau) => of(logits, tau).logProb(logs, { log: true }),
        temperature,
        golden.relaxed,
        largest(logSample),
      );
      // In float32 the smallest are 0.
      if (Math.min(...logSample) < -80) return;
      expectLoss(
        (logits, tau) => of(logits, tau).logProb(tf.exp(logs)),
        temperature,
        { value: ofSample, gradients: golden.relaxed.gradients },
        largest(logSample),
      );
    });

    it("RelaxedBernoulli, of logits of samples", () => {
      const { logitSample, values, gradients } = golden.tosses;
      const value = values.reduce((sum, each) => sum + each, 0);
      expectLoss(
        (logits, tau) =>
          tf.sum(
            new RelaxedBernoulli(tf, { logits, temperature: tau }).logProb(tf.tensor1d(logitSample), {
              logit: true,
            }),
          ),
        temperature,
        { value, gradients },
        largest(logitSample),
      );
    });

    it("the gradient of softmax, at the perturbed logits of its gumbel_softmax", () => {
      const { perturbed, cotangent, gradient } = golden.straightThrough;
      const sampler = createSampler(tf);
      const [x, c] = [tf.tensor1d(perturbed), tf.tensor1d(cotangent)];
      const got = tf.grad((z) => tf.sum(tf.mul(sampler.softmax(z, { temperature }), c)))(x);
      expectNear(got, gradient, Math.max(1, ...perturbed.map(Math.abs)) / temperature);
    });
  });
});
