// Faults in noise that is given its argmax.
import { alter, given, spoil } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

const NOISE = ["COND-1", "COND-2", "COND-3", "COND-5", "LOGITS-2"];

export const conditionalFaults: readonly Sabotage[] = [
  {
    name: "conditional noise is unconditional",
    fault: { parts: () => ({ condition: (noise) => noise }) },
    breaks: NOISE,
  },
  {
    name: "conditional noise holds the logits too [SynJax gumbel_rao]",
    fault: {
      parts: (honest) => ({
        condition: (noise, s, index) =>
          honest.condition(noise, s, index).map((g, j) => (s[j] > -1e30 ? g + s[j] : g)),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "the others are truncated at the index's own noise, without their logits",
    fault: {
      parts: () => ({
        condition: (noise, _, index) =>
          noise.map((g, j) =>
            j === index ? g : -Math.log(Math.exp(-g) + Math.exp(-noise[index]) / noise.length),
          ),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "the index keeps its unconditional noise",
    fault: {
      parts: (honest) => ({
        condition(noise, s, index) {
          const values = honest.condition(noise, s, index);
          values[index] = noise[index];
          return values;
        },
      }),
    },
    breaks: NOISE,
  },
  {
    name: "the others are clamped to the index's level and not redrawn below it",
    fault: {
      parts: (honest) => ({
        condition(noise, s, index) {
          const values = honest.condition(noise, s, index);
          const level = values[index] + s[index];
          return noise.map((g, j) => (j === index ? values[j] : Math.min(g, level - s[j] - 1e-4)));
        },
      }),
    },
    breaks: NOISE,
  },
  {
    name: "rounding lets others draw level with the index",
    fault: {
      parts: () => ({
        condition(noise, s, index) {
          const logSum = Math.log(s.reduce((sum, value) => sum + Math.exp(value), 0));
          const first = Math.exp(-noise[index]);
          return noise.map((g, j) =>
            j === index
              ? Math.min(3.4e38, g + logSum - s[j])
              : -Math.log(Math.exp(-g) + Math.exp(s[j] - logSum) * first),
          );
        },
      }),
    },
    breaks: ["COND-2"],
  },
  {
    name: "a fast logarithm leaves the others 1e-4 too high",
    fault: {
      parts: (honest) => ({
        condition: (noise, s, index) =>
          honest.condition(noise, s, index).map((g, j) => (j === index ? g : g + 1e-4)),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "conditional noise ignores the temperature",
    fault: given(["conditionalGumbel"], (options) => ({ ...options, temperature: 1 })),
    breaks: [...NOISE, "ARG-1"],
  },
  {
    name: "index -1 conditions on the last category",
    fault: {
      sampler: (honest, { make, release }) => ({
        async conditionalGumbel(logits, indices, options) {
          const categories = logits.shape?.at((options as { axis?: number } | undefined)?.axis ?? -1) ?? 1;
          if (!indices?.data?.includes(-1)) return honest.conditionalGumbel(logits, indices, options);
          const wrapped = make(
            indices.data.map((index) => (index === -1 ? categories - 1 : index)),
            indices.shape,
            true,
          );
          try {
            return await honest.conditionalGumbel(logits, wrapped, options);
          } finally {
            release(wrapped);
          }
        },
      }),
    },
    breaks: ["COND-4"],
  },
  {
    name: "a masked category's noise is −∞",
    fault: {
      parts: (honest) => ({
        condition: (noise, s, index) =>
          honest
            .condition(noise, s, index)
            .map((g, j) => (s[j] === Number.NEGATIVE_INFINITY ? Number.NEGATIVE_INFINITY : g)),
      }),
    },
    breaks: ["COND-4", "LOGITS-2"],
  },
  {
    name: "noise of a masked index is large and not NaN",
    fault: spoil(["conditionalGumbel"], ([noise]) => {
      noise.forEach((value: number, i: number) => {
        if (Number.isNaN(value)) noise[i] = 88;
      });
    }),
    breaks: ["COND-4", "LOGITS-3"],
  },
  {
    name: "every sample is conditioned on the first one's index",
    fault: alter(["conditionalGumbel"], async ({ honest, inputs, options, logits }, { make, release }) => {
      const indices = inputs[1] as typeof logits;
      const batch = indices.data?.length / (options?.sampleShape ?? []).reduce((a, b) => a * b, 1);
      if (!(batch >= 1)) return honest();
      const first = make(
        indices.data.map((_, i) => indices.data[i % batch]),
        indices.shape,
        true,
      );
      try {
        return await honest(options, [logits, first]);
      } finally {
        release(first);
      }
    }),
    breaks: [...NOISE, "COND-4"],
  },
];
