// Densities, entropies and divergences against the formulas that TFP and PyTorch publish, written out again in float64.
import { describe, expect, it } from "vitest";
import {
  entropy,
  gumbelSoftmax,
  key,
  klDivergence,
  type NdArray,
  relaxedBernoulli,
  relaxedBernoulliLogProb,
  relaxedLogProb,
  split,
  uniform,
} from "../src/index.ts";
import { logGamma } from "../src/log-gamma.ts";

/** Twenty settings: how many categories, which temperature, and keys. */
const SETTINGS = split(key(1), 20).map((each, i) => {
  const [logits, sample] = split(each, 2);
  return { n: 2 + ((7 * i) % 11), temperature: [0.05, 0.3, 1, 4][i % 4], logits, sample };
});

function logitsOf(n: number, of: Parameters<typeof uniform>[1]): NdArray<Float64Array> {
  const { data, shape } = uniform([n], of);
  return { data: Float64Array.from(data, (u) => 8 * u - 4), shape };
}

const logSumExp = (values: Float64Array) => {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
};

/** ln Γ(n) as a sum. */
const logFactorial = (n: number) =>
  Array.from({ length: n - 1 }, (_, i) => Math.log(i + 1)).reduce((sum, value) => sum + value, 0);

const of = (...data: number[]): NdArray => ({ data, shape: [data.length] });

describe("densities", () => {
  it.each(SETTINGS)("of log-samples are TFP's and torch's formulas, n = $n, τ = $temperature", (setting) => {
    const { n, temperature } = setting;
    const logits = logitsOf(n, { key: setting.logits });
    const options = { key: setting.sample, temperature };
    const logSample = gumbelSoftmax(logits, { ...options, log: true });
    const got = relaxedLogProb(logits, logSample, { temperature }).data[0];
    // tfp.distributions.ExpRelaxedOneHotCategorical._log_prob, torch's ExpRelaxedCategorical.log_prob.
    const score = logits.data.map((logit, j) => logit - temperature * logSample.data[j]);
    const sum = score.reduce((total, value) => total + (value - logSumExp(score)), 0);
    expect(got).toBeCloseTo(logFactorial(n) + (n - 1) * Math.log(temperature) + sum, 8);
    // Maddison et al. 2017, equation 10, at the sample itself where it does not underflow.
    const y = gumbelSoftmax(logits, options).data;
    if (Math.min(...y) < 1e-200) return;
    const alpha = logits.data.map(Math.exp);
    const terms = y.map((value, k) => alpha[k] * value ** -temperature);
    const density =
      logFactorial(n) +
      (n - 1) * Math.log(temperature) -
      n * Math.log(terms.reduce((total, value) => total + value, 0)) +
      y.reduce((total, value, k) => total + Math.log(alpha[k]) - (temperature + 1) * Math.log(value), 0);
    const inLogs = logSample.data.reduce((total, value) => total + value, 0);
    expect(got - inLogs).toBeCloseTo(density, 6);
  });

  it.each(SETTINGS)("of tosses are TFP's and torch's formulas, τ = $temperature", (setting) => {
    const { temperature } = setting;
    const logits = logitsOf(6, { key: setting.logits });
    const x = relaxedBernoulli(logits, { key: setting.sample, temperature, logit: true });
    const got = relaxedBernoulliLogProb(logits, x, { temperature }).data;
    logits.data.forEach((logit, i) => {
      // torch's LogitRelaxedBernoulli.log_prob, and TFP's logistic distribution of location logit/τ and scale 1/τ.
      const diff = logit - x.data[i] * temperature;
      expect(got[i]).toBeCloseTo(Math.log(temperature) + diff - 2 * Math.log1p(Math.exp(diff)), 8);
      const z = (x.data[i] - logit / temperature) * temperature;
      expect(got[i]).toBeCloseTo(-z - 2 * Math.log1p(Math.exp(-z)) + Math.log(temperature), 8);
    });
  });

  it("of two categories are those of a toss of their logits' difference", () => {
    for (const { temperature, logits: each, sample } of SETTINGS) {
      const logits = logitsOf(2, { key: each });
      const { data } = gumbelSoftmax(logits, { key: sample, temperature, log: true });
      const [of2] = relaxedLogProb(logits, { data, shape: [2] }, { temperature }).data;
      const difference = of(logits.data[0] - logits.data[1]);
      const [toss] = relaxedBernoulliLogProb(difference, of(data[0] - data[1]), { temperature }).data;
      expect(of2).toBeCloseTo(toss, 6);
    }
  });

  it.each([0.3, 1, 2])("of a toss integrate to 1 at temperature %d", (temperature) => {
    const step = 1 / 64;
    const x = Array.from({ length: 2 ** 15 }, (_, i) => (i - 2 ** 14) * step);
    const logits: NdArray = { data: new Float64Array(x.length).fill(0.7), shape: [x.length] };
    const logs = relaxedBernoulliLogProb(logits, of(...x), { temperature }).data;
    expect(logs.reduce((sum, log) => sum + Math.exp(log) * step, 0)).toBeCloseTo(1, 6);
  });

  it("are finite where torch's overflow, far from the logits", () => {
    expect(relaxedBernoulliLogProb(of(0, 0), of(-100, 100)).data).toEqual(Float64Array.of(-100, -100));
  });

  it("count what is not masked", () => {
    const [masked] = relaxedLogProb(
      of(0.5, Number.NEGATIVE_INFINITY, -1),
      of(-0.5, Number.NEGATIVE_INFINITY, -1.2),
    ).data;
    expect(masked).toBeCloseTo(relaxedLogProb(of(0.5, -1), of(-0.5, -1.2)).data[0], 10);
  });
});

it.each(SETTINGS)("entropies and divergences are their sums, n = $n", ({ n, logits, sample }) => {
  const [p, q] = [logits, sample].map((each) => logitsOf(n, { key: each }));
  const [a, b] = [p, q].map(({ data }) => data.map((value) => Math.exp(value - logSumExp(data))));
  const sumOf = (term: (j: number) => number) => a.reduce((sum, _, j) => sum + term(j), 0);
  expect(entropy(p).data[0]).toBeCloseTo(
    sumOf((j) => -a[j] * Math.log(a[j])),
    10,
  );
  expect(klDivergence(p, q).data[0]).toBeCloseTo(
    sumOf((j) => a[j] * Math.log(a[j] / b[j])),
    10,
  );
});

it("ln Γ is the sum of logarithms, on both sides of Stirling's series", () => {
  for (const n of [1, 2, 3, 15, 16, 17, 100, 10_000]) {
    expect(Math.abs(logGamma(n) / (logFactorial(n) || 1) - (n < 3 ? 0 : 1))).toBeLessThan(1e-12);
  }
});
