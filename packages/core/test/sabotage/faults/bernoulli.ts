// Faults in relaxed coin tosses and their densities.
import { given } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

export const bernoulliFaults: readonly Sabotage[] = [
  {
    name: "the temperature of a toss divides its logit alone",
    fault: {
      parts: (honest) => ({
        toss: (logit, noise, call) => honest.toss(logit, noise * call.temperature, call),
      }),
    },
    breaks: ["BERN-1", "BERN-2", "BERN-3"],
  },
  {
    name: "the toss has Gumbel noise",
    fault: { parts: (honest) => ({ logistic: honest.gumbel }) },
    breaks: ["BERN-1", "BERN-2", "BERN-3"],
  },
  {
    name: "the logistic noise comes from a uniform that float32 rounds to 1",
    fault: {
      parts: () => ({
        logistic(x0, x1) {
          const u = Math.fround(((x0 ^ x1) >>> 0) * 2 ** -32 + 2 ** -33);
          return Math.log(u) - Math.log(1 - u);
        },
      }),
    },
    breaks: ["BERN-1", "BERN-2", "BERN-3"],
  },
  {
    name: "the logit of a toss is taken of its value, which saturates",
    fault: {
      parts: (honest) => ({
        toss(logit, noise, call) {
          if (!call.logit) return honest.toss(logit, noise, call);
          const y = Math.fround(honest.toss(logit, noise, { ...call, logit: false }));
          return Math.log(y) - Math.log1p(-y);
        },
      }),
    },
    breaks: ["BERN-2"],
  },
  {
    name: "a toss is clamped into [1e-6, 1 - 1e-6] [torch.distributions clamps probabilities]",
    fault: {
      parts: (honest) => ({
        toss(logit, noise, call) {
          const y = honest.toss(logit, noise, call);
          return call.hard || call.logit ? y : Math.min(1 - 1e-6, Math.max(1e-6, y));
        },
      }),
    },
    breaks: ["BERN-3", "BERN-4"],
  },
  {
    name: "a certain toss is NaN",
    fault: {
      parts: (honest) => ({
        toss: (logit, noise, call) => honest.toss(Number.isFinite(logit) ? logit : Number.NaN, noise, call),
      }),
    },
    breaks: ["BERN-4"],
  },
  {
    name: "the shard of a toss is ignored",
    fault: {
      sampler: (honest) => ({
        relaxedBernoulli: (logits, options) =>
          honest.relaxedBernoulli(logits, { ...options, rowStride: undefined, offset: undefined }),
      }),
    },
    breaks: ["BERN-1", "BERN-2", "BERN-3", "BITS-4", "ARG-1"],
  },
  {
    name: "the density of a toss is −∞ from a distance of 89 on [torch's exp().log1p()]",
    fault: {
      parts: () => ({
        tossDensity(logit, sample, temperature) {
          const d = Math.fround(logit - temperature * sample);
          return Math.log(temperature) + d - 2 * Math.log1p(Math.fround(Math.exp(d)));
        },
      }),
    },
    breaks: ["BERN-5"],
  },
  {
    name: "the density of a toss lacks the temperature's logarithm",
    fault: {
      parts: (honest) => ({
        tossDensity: (logit, sample, temperature) =>
          honest.tossDensity(logit, sample, temperature) - Math.log(temperature),
      }),
    },
    breaks: ["BERN-5"],
  },
  {
    name: "the density of a toss ignores the temperature",
    fault: given(["relaxedBernoulliLogProb"], (options) => ({ ...options, temperature: 1 })),
    breaks: ["BERN-5", "ARG-1"],
  },
];
