// Densities, entropies and straight-through gradients against values that PyTorch computed.
import { describe, expect, it } from "vitest";
import {
  entropy,
  klDivergence,
  logProb,
  type NdArray,
  relaxedBernoulliLogProb,
  relaxedLogProb,
  softmaxVjp,
} from "../src/index.ts";
import vectors from "./vectors/torch-2.13.0.json" with { type: "json" };

/** Logits are float64, and so are results but for PyTorch's own rounding. */
function expectNear(got: NdArray, expected: readonly number[]): void {
  expect(got.data).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(got.data[i] - value), `element ${i}`).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
  });
}

const of = (data: readonly number[]): NdArray => ({ data: Float64Array.from(data), shape: [data.length] });

describe.each(vectors.settings)("PyTorch 2.13.0, logits $logits, τ = $temperature", (golden) => {
  const { temperature } = golden;
  const logits = of(golden.logits);

  it("log-probability, entropy and divergence are those of its Categorical", () => {
    const index = { data: Int32Array.of(golden.index), shape: [] };
    expectNear(logProb(logits, index), [golden.logProb.value]);
    expectNear(entropy(logits), [golden.entropy.value]);
    expectNear(klDivergence(logits, of(golden.other)), [golden.kl.value]);
  });

  it("relaxed densities are those of its ExpRelaxedCategorical and RelaxedOneHotCategorical", () => {
    const { logSample, value, ofSample } = golden.relaxed;
    const density = relaxedLogProb(logits, of(logSample), { temperature });
    expectNear(density, [value]);
    const inLogs = logSample.reduce((sum, log) => sum + log, 0);
    expectNear({ data: [density.data[0] - inLogs], shape: [] }, [ofSample]);
  });

  it("densities of tosses are those of its LogitRelaxedBernoulli", () => {
    const { logitSample, values } = golden.tosses;
    expectNear(relaxedBernoulliLogProb(logits, of(logitSample), { temperature }), values);
  });

  it("the straight-through gradient is that of its gumbel_softmax", () => {
    const { perturbed, cotangent, gradient } = golden.straightThrough;
    expectNear(softmaxVjp(of(perturbed), of(cotangent), { temperature }), gradient);
  });
});
