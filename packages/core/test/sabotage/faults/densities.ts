// Faults in logarithms of soft results, log-probabilities, entropies, divergences and densities.
import { logGamma } from "../../../src/adapter.ts";
import { alter, given, spoil } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

export const densityFaults: readonly Sabotage[] = [
  {
    name: "the log-sample is the logarithm of the sample, −∞ where that underflows [torch.log, tf.math.log]",
    fault: {
      parts: (honest) => ({ logSample: (z, temperature) => honest.softmax(z, temperature).map(Math.log) }),
    },
    breaks: ["GS-8", "SM-3"],
  },
  {
    name: "the log-sample is that of a sample held above a small number",
    fault: {
      parts: (honest) => ({
        logSample: (z, temperature) =>
          honest.logSample(z, temperature).map((x) => Math.max(x, Math.log(1e-20))),
      }),
    },
    breaks: ["GS-8", "SM-3", "LOGITS-2"],
  },
  {
    name: "the log-sample is not normalised",
    fault: {
      parts: () => ({
        logSample(z, temperature) {
          const maximum = Math.max(...z);
          return z.map((value) => (value - maximum) / temperature);
        },
      }),
    },
    breaks: ["GS-8", "SM-3"],
  },
  {
    name: "the gradient of the log-sample is that of the sample",
    fault: {
      parts: (honest) => ({
        logVjp: (logs, cotangent, temperature) => honest.vjp(logs.map(Math.exp), cotangent, temperature),
      }),
    },
    breaks: ["VJP-6"],
  },
  {
    name: "a cotangent under a mask counts in the gradient of the log-sample",
    fault: {
      parts: (honest) => ({
        logVjp(logs, cotangent, temperature) {
          const sum = cotangent.reduce((total, value) => total + value, 0);
          return honest
            .logVjp(logs, cotangent, temperature)
            .map((value, j) => (value === 0 ? 0 : (cotangent[j] - Math.exp(logs[j]) * sum) / temperature));
        },
      }),
    },
    breaks: ["VJP-6"],
  },
  {
    name: "the log-probability is the logarithm of a soft value, which underflows to 0",
    fault: {
      parts: (honest) => ({ logSoftmax: (z, index) => Math.log(honest.softmax(z, 1)[index]) }),
    },
    breaks: ["LOGP-1", "LOGITS-2"],
  },
  {
    name: "the log-probability ignores the temperature",
    fault: given(["logProb"], (options) => ({ ...options, temperature: 1 })),
    breaks: ["LOGP-1", "LOGITS-2", "ARG-1", "DEC-8"],
  },
  {
    name: "the log-probability divides by the temperature after the normalisation",
    fault: alter(["logProb"], async ({ honest, options }) => {
      const temperature = options?.temperature ?? 1;
      if (!(temperature > 0.01 && temperature < 100)) return honest();
      const results = await honest({ ...options, temperature: 1 });
      results[0].data.forEach((value, i) => {
        results[0].data[i] = value / temperature;
      });
      return results;
    }),
    breaks: ["LOGP-1"],
  },
  {
    name: "the log-probability of index -1 is 0",
    fault: spoil(["logProb"], ([logProbs], { inputs }) => {
      const { data } = inputs[1] as { data: ArrayLike<number> };
      logProbs.forEach((_: number, i: number) => {
        if (data[i] === -1) logProbs[i] = 0;
      });
    }),
    breaks: ["LOGP-2", "LOGP-1", "LOGITS-3"],
  },
  {
    name: "index -1 is the last category, as in NumPy",
    fault: alter(["logProb"], async ({ honest, inputs, options, logits }, { make, release }) => {
      const indices = inputs[1] as typeof logits;
      const { axis } = options ?? {};
      const categories = logits.shape.at(axis ?? -1)!;
      const wrapped = make(
        indices.data.map((index) => (index === -1 ? categories - 1 : index)),
        indices.shape,
        true,
      );
      try {
        return await honest(options, [logits, wrapped]);
      } finally {
        release(wrapped);
      }
    }),
    breaks: ["LOGP-2", "LOGP-1"],
  },
  {
    name: "the log-probability of a masked category is the least float",
    fault: spoil(["logProb"], ([logProbs]) => {
      logProbs.forEach((value: number, i: number) => {
        if (value === Number.NEGATIVE_INFINITY) logProbs[i] = Math.fround(-3.4e38);
      });
    }),
    breaks: ["LOGITS-2", "LOGP-2", "LOGP-1", "DEC-12"],
  },
  {
    name: "an index out of range reads the next row",
    fault: alter(["logProb"], async ({ honest, inputs, options, logits }, { make, release }) => {
      const indices = inputs[1] as typeof logits;
      const categories = logits.shape?.at(options?.axis ?? -1) ?? 1;
      const held = make(
        (indices.data ?? []).map((index) => (index >= categories ? index % categories : index)),
        indices.shape,
        true,
      );
      try {
        return await honest(options, [logits, held]);
      } finally {
        release(held);
      }
    }),
    breaks: ["LOGP-2"],
  },
  {
    name: "the entropy is in bits",
    fault: { parts: (honest) => ({ entropy: (logs) => honest.entropy(logs) / Math.LN2 }) },
    breaks: ["ENT-1"],
  },
  {
    name: "the entropy of a row with a mask is NaN, 0·(−∞) [torch.distributions without a clamp]",
    fault: {
      parts: () => ({ entropy: (logs) => -logs.reduce((sum, log) => sum + Math.exp(log) * log, 0) }),
    },
    breaks: ["ENT-1"],
  },
  {
    name: "the entropy has a small number added to its probabilities",
    fault: {
      parts: () => ({
        entropy: (logs) =>
          -logs.reduce((sum, log) => sum + Math.exp(log) * Math.log(Math.exp(log) + 1e-4), 0),
      }),
    },
    breaks: ["ENT-1"],
  },
  {
    name: "the entropy ignores the temperature",
    fault: given(["entropy"], (options) => ({ ...options, temperature: 1 })),
    breaks: ["ENT-1", "ARG-1"],
  },
  {
    name: "the divergence is the reverse one [torch.nn.functional.kl_div's order]",
    fault: { parts: (honest) => ({ divergence: (p, q) => honest.divergence(q, p) }) },
    breaks: ["KL-1", "KL-2"],
  },
  {
    name: "the divergence leaves out what q masks",
    fault: {
      parts: (honest) => ({
        divergence: (p, q) =>
          honest.divergence(
            p.map((log, j) => (q[j] === Number.NEGATIVE_INFINITY ? q[j] : log)),
            q,
          ),
      }),
    },
    breaks: ["KL-2", "KL-1"],
  },
  {
    name: "the divergence is finite where q masks a category of a small probability",
    fault: {
      parts: (honest) => ({
        divergence: (p, q) =>
          honest.divergence(
            p.map((log) => (log < -104 ? Number.NEGATIVE_INFINITY : log)),
            q,
          ),
      }),
    },
    breaks: ["KL-2", "KL-1"],
  },
  {
    name: "the divergence is NaN where p masks a category",
    fault: {
      parts: () => ({
        divergence: (p, q) => p.reduce((sum, log, j) => sum + Math.exp(log) * (log - q[j]), 0),
      }),
    },
    breaks: ["KL-1", "KL-2"],
  },
  {
    name: "the density of a log-sample lacks its factorial",
    fault: {
      parts: (honest) => ({
        density: (logits, ...rest) => honest.density(logits, ...rest) - logGamma(logits.length),
      }),
    },
    breaks: ["RLP-1", "RLP-2", "RLP-3"],
  },
  {
    name: "the density of a log-sample counts a power of the temperature too many",
    fault: {
      parts: (honest) => ({
        density: (logits, x, temperature) => honest.density(logits, x, temperature) + Math.log(temperature),
      }),
    },
    breaks: ["RLP-1", "RLP-2", "RLP-3"],
  },
  {
    name: "the density is that in the simplex, not in its logarithms",
    fault: {
      parts: (honest) => ({
        density: (logits, x, temperature) =>
          honest.density(logits, x, temperature) - x.reduce((sum, value) => sum + value, 0),
      }),
    },
    breaks: ["RLP-1", "RLP-2", "RLP-3"],
  },
  {
    name: "the density's logits are divided by the temperature",
    fault: {
      parts: (honest) => ({
        density: (logits, x, temperature) =>
          honest.density(
            logits.map((logit) => logit / temperature),
            x,
            temperature,
          ),
      }),
    },
    breaks: ["RLP-1", "RLP-2", "RLP-3"],
  },
  {
    name: "mass under a mask does not count",
    fault: {
      parts: (honest) => ({
        isOutside: (logit, x) => logit !== Number.NEGATIVE_INFINITY && honest.isOutside(logit, x),
      }),
    },
    breaks: ["RLP-2", "LOGITS-2"],
  },
];
