// Faults in the order and precision of arithmetic: sums in float32, logarithms of what has lost its digits, overflow half-way.
import { FLT_MAX, logGamma, wordOf } from "../../../src/adapter.ts";
import type { Sabotage } from "../sabotage.ts";

const f = Math.fround;
const isMasked = (value: number) => value === Number.NEGATIVE_INFINITY;

export const accuracyFaults: readonly Sabotage[] = [
  {
    name: "the logarithm has an absolute error of 2⁻²¹ near 1, as WGSL allows, at precision jax",
    fault: {
      parts: (honest) => ({
        gumbel(x0, x1, precision) {
          if (precision !== "jax") return honest.gumbel(x0, x1, precision);
          const log = (x: number) =>
            x < 0.5 || x > 2 ? Math.log(x) : Math.round(Math.log(x) * 2 ** 21) * 2 ** -21;
          const u = Math.max(2 ** -126, (wordOf(x0, x1) >>> 9) * 2 ** -23);
          return -log(Math.max(2 ** -23, -log(u)));
        },
      }),
    },
    breaks: ["NOISE-3", "NOISE-2"],
  },
  {
    name: "beyond a temperature of 2²⁰ samples are uniform",
    fault: {
      parts: (honest) => ({
        softmax(z, temperature) {
          if (temperature <= 2 ** 20) return honest.softmax(z, temperature);
          const count = z.filter((value) => !isMasked(value)).length;
          return z.map((value) => (isMasked(value) ? 0 : 1 / count));
        },
      }),
    },
    breaks: ["SM-1", "GS-4", "GS-3"],
  },
  {
    name: "the normalizer of a row is a running sum in float32",
    fault: {
      parts: () => ({
        softmax(z, temperature) {
          const maximum = z.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
          const y = z.map((value) => Math.exp((f(value / 2 - maximum / 2) * 2) / temperature));
          const sum = y.reduce((total, value) => f(total + value), 0);
          return y.map((value) => value / sum);
        },
      }),
    },
    breaks: ["SM-1", "GS-4", "GS-5", "LOGITS-7"],
  },
  {
    name: "the log-sample is the logarithm of the sample where that is not 0, subnormal numbers too",
    fault: {
      parts: (honest) => ({
        logSample(z, temperature) {
          const y = honest.softmax(z, temperature);
          const logs = honest.logSample(z, temperature);
          return logs.map((value, j) => (y[j] > 0 ? Math.log(y[j]) : value));
        },
      }),
    },
    breaks: ["GS-8", "SM-3"],
  },
  {
    name: "the product divides by the temperature first, which leaves float32",
    fault: {
      parts: () => ({
        vjp(y, cotangent, temperature) {
          const mean = y.reduce((sum, value, j) => (value === 0 ? sum : sum + value * cotangent[j]), 0);
          return y.map((value, j) => (value === 0 ? 0 : value * f((cotangent[j] - mean) / temperature)));
        },
      }),
    },
    breaks: ["VJP-4", "LOGITS-6"],
  },
  {
    name: "the entropy is a running sum in float32",
    fault: {
      parts: () => ({
        entropy: (logs) =>
          -logs.reduce((sum, log) => (isMasked(log) ? sum : f(sum + f(f(Math.exp(log)) * log))), 0),
      }),
    },
    breaks: ["ENT-1", "LOGITS-7"],
  },
  {
    name: "the divergence is a running sum in float32",
    fault: {
      parts: (honest) => ({
        divergence(p, q) {
          const due = honest.divergence(p, q);
          if (due >= FLT_MAX) return due;
          const terms = p.map((log, j) => (isMasked(log) ? 0 : Math.exp(log) * (log - q[j])));
          return Math.max(
            0,
            terms.reduce((sum, term) => f(sum + term), 0),
          );
        },
      }),
    },
    breaks: ["KL-1", "LOGITS-7"],
  },
  {
    name: "ln Γ of a density is Stirling's formula with one correction",
    fault: {
      parts: (honest) => ({
        density(logits, logSample, temperature) {
          const n = logits.length;
          const stirling = (n - 0.5) * Math.log(n) - n + Math.log(2 * Math.PI) / 2 + 1 / (12 * n);
          const due = honest.density(logits, logSample, temperature);
          return due === -FLT_MAX ? due : due - logGamma(n) + stirling;
        },
      }),
    },
    breaks: ["RLP-1", "RLP-3"],
  },
  {
    name: "a log-sample of float32's least number counts as a missing mass",
    fault: {
      parts: (honest) => ({
        isOutside: (logit, value) =>
          honest.isOutside(logit, value) || (!isMasked(logit) && value <= -FLT_MAX),
      }),
    },
    breaks: ["RLP-2", "RLP-1", "RLP-3"],
  },
  {
    name: "a row is degenerate where the sum of its logits leaves float32",
    fault: {
      parts: (honest) => ({
        isDegenerate: (logits) =>
          honest.isDegenerate(logits) ||
          !Number.isFinite(logits.reduce((sum, value) => (isMasked(value) ? sum : f(sum + value)), 0)),
      }),
    },
    breaks: ["LOGITS-6", "LOGITS-3"],
  },
  {
    name: "tosses have noise of precision full, whatever was asked",
    fault: { parts: (honest) => ({ logistic: (x0, x1) => honest.logistic(x0, x1, "full") }) },
    breaks: ["BERN-1", "BERN-2", "BERN-3", "NOISE-2"],
  },
];
