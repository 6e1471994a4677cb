// Faults in estimators of the gradient of hard samples.
import { foldIn } from "../../../src/index.ts";
import { alter, given } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

const STRAIGHT_THROUGH = ["EST-2", "EST-6"];
const REINMAX = ["EST-3", "EST-6"];
const RAO = ["EST-4", "EST-6"];
const GAPPED = ["EST-5", "EST-6"];

/** The category after the sampled one. */
const next = (hot: number, { length }: Float32Array) => (hot + 1) % length;

export const estimatorFaults: readonly Sabotage[] = [
  {
    name: "the estimator is ignored",
    fault: given(["gumbelSoftmaxVjp"], (options) => {
      const plain: Record<string, unknown> = { ...options };
      if (plain.hard !== true) return options;
      for (const name of ["estimator", "backwardTemperature", "draws", "gap"]) delete plain[name];
      return plain;
    }),
    breaks: [...STRAIGHT_THROUGH, "EST-3", "EST-4", "EST-5", "EST-7", "ARG-1"],
  },
  {
    name: "the backward temperature divides, and the sample keeps its own",
    fault: alter(["gumbelSoftmaxVjp"], async ({ honest, options }) => {
      const { backwardTemperature: tau, temperature = 1 } = options as Record<string, number | undefined>;
      const isRight =
        typeof tau === "number" && tau > 0 && typeof temperature === "number" && options.hard === true;
      if (!isRight) return honest();
      const results = await honest({
        ...options,
        backwardTemperature: undefined,
        estimator: undefined,
      } as object);
      results[0].data.forEach((value, i) => {
        results[0].data[i] = (value * temperature) / tau;
      });
      return results;
    }),
    breaks: STRAIGHT_THROUGH,
  },
  {
    name: "the backward temperature makes the sample too",
    fault: alter(["gumbelSoftmax"], async ({ honest, options }) => {
      const { backwardTemperature } = (options ?? {}) as { backwardTemperature?: number };
      if (typeof backwardTemperature !== "number" || !(backwardTemperature > 0)) return honest();
      return honest({
        ...options,
        hard: false,
        backwardTemperature: undefined,
        estimator: undefined,
      } as object);
    }),
    breaks: ["EST-1", "GS-2", "EST-7", "ARG-1"],
  },
  {
    name: "another estimator draws another sample",
    fault: given(["gumbelSoftmax"], (options) => {
      const { estimator } = options as { estimator?: string };
      return estimator == null || options.key == null || options.hard !== true
        ? options
        : { ...options, key: foldIn(options.key, 1) as [number, number] };
    }),
    breaks: ["EST-1", "GS-2", "GS-6"],
  },
  {
    name: "ReinMax is differentiated at the hard sample and not halfway to it",
    fault: { parts: () => ({ midpoint: (y, hot) => y.map((_, j) => (j === hot ? 1 : 0)) }) },
    breaks: REINMAX,
  },
  {
    name: "ReinMax's midpoint has the category after the sampled one",
    fault: { parts: (honest) => ({ midpoint: (y, hot, z) => honest.midpoint(y, next(hot, y), z) }) },
    breaks: REINMAX,
  },
  {
    name: "ReinMax misses its factor of two",
    fault: {
      parts: () => ({
        reinmax: (atMidpoint, atSoftmax) => atMidpoint.map((value, j) => value - atSoftmax[j] / 2),
      }),
    },
    breaks: REINMAX,
  },
  {
    name: "ReinMax adds the product at softmax instead of taking it away",
    fault: {
      parts: () => ({
        reinmax: (atMidpoint, atSoftmax) => atMidpoint.map((value, j) => 2 * value + atSoftmax[j] / 2),
      }),
    },
    breaks: REINMAX,
  },
  {
    name: "ReinMax divides by the temperature",
    fault: alter(["gumbelSoftmaxVjp"], async ({ honest, options }) => {
      const { estimator, temperature = 1 } = (options ?? {}) as { estimator?: string; temperature?: number };
      const results = await honest();
      if (estimator === "reinmax")
        results[0].data.forEach((value, i) => {
          results[0].data[i] = value / temperature;
        });
      return results;
    }),
    breaks: REINMAX,
  },
  {
    name: "ReinMax ignores the temperature",
    fault: given(["gumbelSoftmaxVjp"], (options) =>
      (options as { estimator?: string } | undefined)?.estimator === "reinmax" &&
      Number(options.temperature) > 0
        ? { ...options, temperature: 1 }
        : options,
    ),
    breaks: [...REINMAX, "ARG-1"],
  },
  {
    name: "redrawn noise holds the logits too: they are added twice [SynJax gumbel_rao]",
    fault: {
      parts: (honest) => ({
        redrawn: (s, noise, hot) =>
          honest.redrawn(s, noise, hot).map((z, j) => (s[j] > -1e30 ? z + s[j] : z)),
      }),
    },
    breaks: RAO,
  },
  {
    name: "redrawn noise does not give the sample",
    fault: { parts: () => ({ redrawn: (s, noise) => s.map((value, j) => value + noise[j]) }) },
    breaks: RAO,
  },
  {
    name: "redrawn noise gives the category after the sampled one",
    fault: { parts: (honest) => ({ redrawn: (s, noise, hot) => honest.redrawn(s, noise, next(hot, s)) }) },
    breaks: RAO,
  },
  {
    name: "all draws are under the sample's own key",
    fault: { parts: () => ({ keysOf: ({ keys }, key) => keys.map(() => key) }) },
    breaks: RAO,
  },
  {
    name: "one draw is left out, and the sample's own noise counts as one",
    fault: { parts: () => ({ keysOf: ({ keys }, key) => [key, ...keys.slice(1)] }) },
    breaks: RAO,
  },
  {
    name: "the sum of the draws and not their mean",
    fault: alter(["gumbelSoftmaxVjp"], async ({ honest, options }) => {
      const { estimator, draws = 10 } = (options ?? {}) as { estimator?: string; draws?: number };
      const results = await honest();
      if (estimator === "gumbel-rao")
        results[0].data.forEach((value, i) => {
          results[0].data[i] = value * draws;
        });
      return results;
    }),
    breaks: RAO,
  },
  {
    name: "the total derivative goes through the redrawn noise",
    // Of log Z − log E at the sample, and of −log(E/e^s + E_sample/Z) elsewhere.
    fault: {
      parts: (honest) => ({
        throughRedraw(product, s, noise, hot) {
          const p = honest.softmax(s, 1);
          const total = new Float32Array(s.length);
          product.forEach((value, j) => {
            const own = j === hot ? 0 : Math.exp(-noise[j]) / p[j];
            const shared = Math.exp(-noise[hot]);
            if (p[j] === 0) return;
            total[j] += (value * own) / (own + shared);
            p.forEach((share, k) => {
              total[k] += (value * shared * share) / (own + shared);
            });
          });
          return total;
        },
      }),
    },
    breaks: RAO,
  },
  {
    name: "gumbel-rao redraws once by default",
    fault: given(["gumbelSoftmaxVjp"], (options) => {
      const { estimator, draws } = (options ?? {}) as { estimator?: string; draws?: number };
      return estimator === "gumbel-rao" && draws == null ? ({ ...options, draws: 1 } as object) : options;
    }),
    breaks: RAO,
  },
  {
    name: "the gap is that of the noisy sample: noise is left in the logits",
    fault: {
      parts: (honest) => ({
        gapped: (s, hot, gap) =>
          honest.gapped(s, hot, gap).map((z, j) => (j === hot ? z : z - 0.1 * (j % 3))),
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "the gap is of the sampled category's own logit and not of the largest",
    fault: {
      parts: () => ({
        gapped: (s, hot, gap) => s.map((value, j) => (j === hot ? s[hot] : Math.min(value, s[hot] - gap))),
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "all other categories are moved by the gap, also those further below",
    fault: { parts: () => ({ gapped: (s, hot, gap) => s.map((value, j) => (j === hot ? 0 : value - gap)) }) },
    breaks: GAPPED,
  },
  {
    name: "the gap is ignored",
    fault: { parts: (honest) => ({ gapped: (s, hot) => honest.gapped(s, hot, 1) }) },
    breaks: GAPPED,
  },
  {
    name: "the expected gap is that of the probability at the temperature",
    fault: {
      parts: (honest) => ({
        expectedGap: (s, hot, tau) =>
          honest.expectedGap(
            s.map((value) => value / tau),
            hot,
            tau,
          ),
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "the expected gap is that of the category after the sampled one",
    fault: {
      parts: (honest) => ({
        expectedGap(s, hot, tau) {
          const other = s.findIndex((value, j) => j !== hot && value > -1e30);
          return honest.expectedGap(s, other < 0 ? hot : other, tau);
        },
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "the expected gap is that of the most probable category",
    fault: {
      parts: (honest) => ({
        expectedGap: (s, _, tau) => honest.expectedGap(s, s.indexOf(Math.max(...s)), tau),
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "the expected gap takes the logarithm of 1 − p, which float32 rounds",
    fault: {
      parts: (honest) => ({
        expectedGap(s, hot) {
          const p = honest.softmax(s, 1)[hot];
          return p === 0 ? 1 : -Math.log(Math.fround(1 - p)) / p;
        },
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "the expected gap is not divided by the probability",
    fault: {
      parts: (honest) => ({
        expectedGap: (s, hot, tau) => honest.expectedGap(s, hot, tau) * honest.softmax(s, 1)[hot],
      }),
    },
    breaks: GAPPED,
  },
  {
    name: "one expected gap is that of all rows",
    fault: {
      parts(honest) {
        let first: number | undefined;
        return {
          expectedGap(s, hot, tau) {
            first ??= honest.expectedGap(s, hot, tau);
            return first;
          },
        };
      },
    },
    breaks: GAPPED,
  },
  {
    name: "the expected gap is 1",
    fault: { parts: () => ({ expectedGap: () => 1 }) },
    breaks: GAPPED,
  },
  {
    name: "the sampled one-hot holds two categories on a tie [SynJax max_one_hot]",
    fault: {
      parts: () => ({
        midpoint: (y, hot, z) => y.map((value, j) => (value + (z[j] === z[hot] ? 1 : 0)) / 2),
      }),
    },
    breaks: REINMAX,
  },
  {
    name: "an estimator of a soft sample is that of the hard one",
    fault: given(["gumbelSoftmaxVjp", "gumbelSoftmax"], (options) =>
      (options as { estimator?: string } | undefined)?.estimator == null
        ? options
        : { ...options, hard: true },
    ),
    breaks: ["EST-7", "ARG-1"],
  },
  {
    name: "an option of another estimator is ignored",
    fault: given(["gumbelSoftmaxVjp", "gumbelSoftmax"], (options) => {
      const { estimator, draws } = (options ?? {}) as { estimator?: string; draws?: number };
      return draws != null && estimator !== "gumbel-rao"
        ? ({ ...options, draws: undefined } as object)
        : options;
    }),
    breaks: ["EST-7", "ARG-1"],
  },
];
