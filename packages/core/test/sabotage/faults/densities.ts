// Faults in log-probabilities.
import { alter, given, spoil } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

export const densityFaults: readonly Sabotage[] = [
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
    breaks: ["LOGP-1", "LOGITS-2", "ARG-1"],
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
    breaks: ["LOGITS-2", "LOGP-2", "LOGP-1"],
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
];
