// What estimators are known to share: biases and variances, over exact sums where the sample is all that a product depends on.
import { describe, expect, it } from "vitest";
import { resolvedOf } from "../src/conformance/call-on.ts";
import { expectedGap } from "../src/expected-gap.ts";
import { gumbel, gumbelSoftmax, gumbelSoftmaxVjp, key, softmax } from "../src/index.ts";
import type { ResolvedGumbelSoftmax } from "../src/operations/gumbel-softmax.ts";
import { estimate } from "../src/reference/estimate.ts";
import { rowsOf } from "../src/reference/rows.ts";

const LOGITS = [-1, -0.3, 0.2, 0.8, 1.1];
const TARGET = [0.9, -0.4, 0.3, 0.6, -0.8];
const K = LOGITS.length;

/** The gradient of `Σ |D − target|^power` at the one-hot of a category. */
const cotangentAt = (hot: number, power: number) =>
  Float64Array.from(TARGET, (t, j) => {
    const d = (j === hot ? 1 : 0) - t;
    return power * Math.sign(d) * Math.abs(d) ** (power - 1);
  });

/** Derivative of the expected loss: J(p) of the losses of all one-hots. */
function exactGradient(power: number): number[] {
  const p = softmax({ data: LOGITS, shape: [K] }).data;
  const losses = LOGITS.map((_, hot) =>
    TARGET.reduce((sum, t, j) => sum + Math.abs((j === hot ? 1 : 0) - t) ** power, 0),
  );
  const mean = losses.reduce((sum, loss, i) => sum + p[i] * loss, 0);
  return losses.map((loss, i) => p[i] * (loss - mean));
}

/** Mean of a product that depends on the sample alone, over all samples. */
function exactMean(options: object, power: number): number[] {
  const logits = { data: LOGITS, shape: [K] };
  const call = { operation: "gumbelSoftmaxVjp", logits, options: { key: key(1), hard: true, ...options } };
  const resolved = resolvedOf(call as never) as ResolvedGumbelSoftmax;
  const [row] = [...rowsOf(logits, resolved, resolved.noise)];
  const p = softmax(logits).data;
  const mean = LOGITS.map(() => 0);
  for (let hot = 0; hot < K; hot++) {
    estimate(row, cotangentAt(hot, power), resolved, hot).forEach((value, j) => {
      mean[j] += p[hot] * value;
    });
  }
  return mean;
}

/** Products of `n` samples of the loss with power 3: their mean, the trace of their covariance, and the mean's standard error. */
function productsOf(options: object, n: number, seed: number) {
  const logits = { data: Array.from({ length: n }, () => LOGITS).flat(), shape: [n, K] };
  const all = { key: key(seed), temperature: 0.5, hard: true, ...options };
  const sample = gumbelSoftmax(logits, all).data;
  const cotangent = Array.from({ length: n }, (_, i) => [
    ...cotangentAt(sample.subarray(i * K, (i + 1) * K).indexOf(1), 3),
  ]).flat();
  const { data } = gumbelSoftmaxVjp(logits, { data: cotangent, shape: [n, K] }, all);
  const mean = LOGITS.map((_, j) => meanOf(n, (i) => data[i * K + j]));
  const trace = mean.reduce((sum, m, j) => sum + meanOf(n, (i) => (data[i * K + j] - m) ** 2), 0);
  return { mean, trace, error: Math.sqrt(trace / n) };
}

function meanOf(n: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += value(i);
  return sum / n;
}

const distance = (a: readonly number[], b: readonly number[]) =>
  Math.hypot(...a.map((value, j) => value - b[j]));

describe("gapped", () => {
  it("expects the mean lead of the largest perturbed logit over the second, given the sample", () => {
    const n = 100_000;
    const g = gumbel([n, K], { key: key(4) }).data;
    const leads = LOGITS.map((): number[] => []);
    for (let i = 0; i < n; i++) {
      const z = LOGITS.map((logit, j) => logit + g[i * K + j]);
      const [largest, second] = [...z].sort((a, b) => b - a);
      leads[z.indexOf(largest)].push(largest - second);
    }
    leads.forEach((of, hot) => {
      const mean = meanOf(of.length, (i) => of[i]);
      const error = Math.sqrt(meanOf(of.length, (i) => (of[i] - mean) ** 2) / of.length);
      // Five standard errors: wrong in one of 350,000 keys. Gaps lie 0.4 apart, errors below 0.02.
      expect(error).toBeLessThan(0.02);
      expect(Math.abs(mean - expectedGap(LOGITS, hot))).toBeLessThan(5 * error);
    });
  });

  it("expects −ln(1 − p)/p, and at both ends what that tends to", () => {
    for (const p of [1e-3, 0.2, 0.5, 0.7, 0.999]) {
      const logits = [Math.log(p), Math.log1p(-p)];
      expect(expectedGap(logits, 0) / (-Math.log1p(-p) / p)).toBeCloseTo(1, 12);
    }
    expect(expectedGap([-800, 0], 0)).toBe(1);
    expect(expectedGap([-20, 0], 0)).toBeCloseTo(1 + Math.exp(-20) / 2, 15);
    expect(expectedGap([1e9, 0], 0)).toBe(1e9);
    expect(expectedGap([0, Number.NEGATIVE_INFINITY], 0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("reinmax", () => {
  it("is without bias where the loss is quadratic, at temperature 1", () => {
    expect(distance(exactMean({ estimator: "reinmax" }, 2), exactGradient(2))).toBeLessThan(1e-12);
  });

  it("has a bias where the loss is cubic, less than the gapped one's where it is quadratic", () => {
    expect(distance(exactMean({ estimator: "reinmax" }, 3), exactGradient(3))).toBeGreaterThan(1e-3);
    expect(distance(exactMean({ estimator: "gapped" }, 2), exactGradient(2))).toBeGreaterThan(1e-2);
  });
});

describe("gumbel-rao", () => {
  const n = 6000;
  const plain = productsOf({}, n, 2);
  const draws = (count: number) => productsOf({ estimator: "gumbel-rao", draws: count }, n, 3);
  const [one, four, sixteen] = [draws(1), draws(4), draws(16)];

  it("has the mean of straight-through, whatever the draws", () => {
    for (const each of [one, four, sixteen]) {
      // Five standard errors of the difference.
      const bound = 5 * Math.hypot(each.error, plain.error);
      expect(distance(each.mean, plain.mean)).toBeLessThan(bound);
    }
  });

  it("has the variance of straight-through at one draw, which falls as 1/draws towards the conditional mean's", () => {
    expect(one.trace / plain.trace).toBeGreaterThan(0.9);
    expect(one.trace / plain.trace).toBeLessThan(1.1);
    // V(k) = V∞ + (V₁ − V∞)/k: what falls from 1 to 4 draws is 3/4 of all, from 1 to 16 draws 15/16.
    const ratio = (one.trace - sixteen.trace) / (one.trace - four.trace);
    expect(ratio).toBeGreaterThan((15 / 16 / (3 / 4)) * 0.95);
    expect(ratio).toBeLessThan((15 / 16 / (3 / 4)) * 1.05);
    expect(sixteen.trace).toBeLessThan(one.trace / 2);
  });
});
