// Faults with degenerate rows, sizes, gradients.
import { FLT_MAX } from "../../../src/adapter.ts";
import { type AlteredCall, isLastAxis, spoil } from "../alter.ts";
import { type Handle, otherKey } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

const GRADIENT = ["VJP-1", "VJP-2", "VJP-3", "VJP-4", "VJP-5", "KEY-1", "LOGITS-2", "LOGITS-3", "EST-6"];

export const rowFaults: readonly Sabotage[] = [
  {
    name: "a degenerate row gives index 0",
    fault: {
      parts: (honest) => ({
        isDegenerate: (row) => honest.isDegenerate(row) && !row.every(Number.isNaN) && row.some(Number.isNaN),
      }),
    },
    breaks: ["LOGITS-3"],
  },
  {
    name: "a row of masks is not degenerate",
    fault: {
      parts: () => ({
        isDegenerate: (row) => row.some((value) => Number.isNaN(value) || value === Infinity),
      }),
    },
    breaks: ["LOGITS-3", "TOPK-3"],
  },
  {
    name: "+∞ wins instead of marking its row",
    fault: {
      parts: () => ({
        isDegenerate: (row) =>
          row.some(Number.isNaN) || (row.length > 0 && row.every((value) => value === -Infinity)),
      }),
    },
    breaks: ["LOGITS-3"],
  },
  {
    name: "NaN in one row marks the whole tensor",
    fault: {
      sampler: (honest, { make, release }) => ({
        async softmax(logits, options) {
          const y = await honest.softmax(logits, options);
          if (!y.data.some(Number.isNaN)) return y;
          release(y);
          return make(
            y.data.map(() => Number.NaN),
            y.shape,
          );
        },
      }),
    },
    breaks: ["LOGITS-3"],
  },
  {
    name: "NaN is looked for in the first 1024 categories only",
    fault: { parts: (honest) => ({ isDegenerate: (row) => honest.isDegenerate(row.subarray(0, 1024)) }) },
    breaks: ["LOGITS-3", "LOGITS-2"],
  },
  {
    name: "rows past 65,535 are never written",
    slow: true,
    fault: {
      sampler: (honest) => ({
        async softmax(logits, options) {
          const y = await honest.softmax(logits, options);
          if (logits.shape.length === 2) y.data.fill(0, 65_535 * logits.shape[1]);
          return y;
        },
      }),
    },
    breaks: ["LOGITS-7", "SM-1", "GS-5"],
  },
  {
    name: "categories past 32,768 are never looked at",
    slow: true,
    fault: { parts: (honest) => ({ argmax: (z) => honest.argmax(z.subarray(0, 32_768)) }) },
    breaks: ["LOGITS-7", "GS-6", "SM-2", "CAT-2"],
  },
  {
    name: "row sums are kept in float16",
    fault: {
      parts: (honest) => ({
        softmax: (z, temperature) =>
          honest.softmax(z, temperature).map((value) => value * (z.length > 500 ? 1.0005 : 1)),
      }),
    },
    breaks: ["GS-5", "GS-4", "LOGITS-7", "SM-1", "VJP-4"],
  },
  {
    name: "an empty batch throws",
    fault: {
      sampler: (honest) => ({
        categorical(logits, options) {
          if (logits.data.length === 0) throw new Error("cannot dispatch 0 workgroups");
          return honest.categorical(logits, options);
        },
      }),
    },
    breaks: ["LOGITS-5", "CAT-1"],
  },
  {
    name: "logits near the end of float32 become infinite",
    fault: {
      parts: (honest) => ({
        perturb: (logits, noise, temperature) =>
          honest.perturb(
            logits.map((value) => value * 2),
            noise,
            temperature * 2,
          ),
      }),
    },
    breaks: ["LOGITS-6", "LOGITS-3", "GS-4"],
  },
  {
    name: "the largest finite logit counts as +∞",
    fault: {
      parts: (honest) => ({
        isDegenerate: (logits) => honest.isDegenerate(logits) || logits.some((value) => value >= FLT_MAX),
      }),
    },
    breaks: ["LOGITS-6", "LOGITS-4", "LOGITS-3"],
  },
  {
    name: "the least finite logit counts as a mask",
    fault: {
      parts: (honest) => ({
        perturb: (logits, noise, temperature) =>
          honest.perturb(
            logits.map((value) => (value === -FLT_MAX ? Number.NEGATIVE_INFINITY : value)),
            noise,
            temperature,
          ),
      }),
    },
    breaks: ["LOGITS-6", "LOGITS-4", "LOGITS-3", "GS-4", "CAT-2"],
  },
  {
    name: "the gradient of a row is NaN where a masked cotangent is not finite",
    fault: {
      parts: (honest) => ({
        vjp: (y, cotangent, temperature) =>
          cotangent.every(Number.isFinite) ? honest.vjp(y, cotangent, temperature) : y.map(() => Number.NaN),
      }),
    },
    breaks: GRADIENT,
  },
  {
    name: "a cotangent that is NaN reaches the row after its own",
    fault: spoil(["softmaxVjp", "gumbelSoftmaxVjp"], ([gradient], { inputs, logits, options }) => {
      const { data } = inputs[1] as Handle;
      const columns = logits.shape.at(-1) ?? 0;
      if (logits.shape.length !== 2 || !isLastAxis({ logits, options } as AlteredCall)) return;
      data.forEach((value, i) => {
        const next = (i % gradient.length) + columns;
        if (Number.isNaN(value) && next < gradient.length) gradient[next] = Number.NaN;
      });
    }),
    breaks: [...GRADIENT, "LOGITS-3"],
  },
  {
    name: "no gradient through the hard sample",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelSoftmaxVjp(logits, cotangent, options) {
          const gradient = await honest.gumbelSoftmaxVjp(logits, cotangent, options);
          if (options.hard !== true) return gradient;
          release(gradient);
          return make(
            gradient.data.map(() => 0),
            gradient.shape,
          );
        },
      }),
    },
    breaks: GRADIENT,
  },
  {
    name: "the gradient recomputes its noise at another key",
    fault: { parts: () => ({ noiseOfGradient: (noise) => ({ ...noise, key: otherKey(noise.key) }) }) },
    breaks: GRADIENT,
  },
  {
    name: "the gradient recomputes its noise without the offset",
    fault: {
      parts: () => ({ noiseOfGradient: (noise) => ({ ...noise, offset: 0, rowStride: noise.columns }) }),
    },
    breaks: [...GRADIENT, "BITS-4"],
  },
  {
    name: "the gradient is not divided by the temperature",
    fault: { parts: (honest) => ({ vjp: (y, cotangent) => honest.vjp(y, cotangent, 1) }) },
    breaks: GRADIENT,
  },
  {
    name: "the gradient forgets the mean of the cotangent",
    fault: {
      parts: () => ({
        vjp: (y, cotangent, temperature) => y.map((value, j) => (value * cotangent[j]) / temperature),
      }),
    },
    breaks: [...GRADIENT, "LOGITS-2"],
  },
  {
    name: "the gradient has the wrong sign",
    fault: { parts: (honest) => ({ vjp: (...row) => honest.vjp(...row).map((value) => -value) }) },
    breaks: GRADIENT,
  },
  {
    name: "the gradient is that of the last sample only",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelSoftmaxVjp(logits, cotangent, options) {
          const size = logits.data.length;
          const samples = size === 0 ? 0 : cotangent.data.length / size;
          const silenced = make(
            cotangent.data.map((c, i) => (i < (samples - 1) * size ? 0 : c)),
            cotangent.shape,
          );
          const gradient = await honest.gumbelSoftmaxVjp(logits, silenced, options);
          release(silenced);
          return gradient;
        },
      }),
    },
    breaks: [...GRADIENT, "ARG-2", "LIFE-2"],
  },
  {
    name: "the gradient under a mask is 0·∞",
    fault: {
      parts: () => ({
        vjp(y, cotangent, temperature) {
          const mean = y.reduce((total, value, j) => Math.fround(total + value * cotangent[j] * 2), 0) / 2;
          return y.map((value, j) => (value * Math.fround((cotangent[j] - mean) * 4)) / 4 / temperature);
        },
      }),
    },
    breaks: [...GRADIENT, "LOGITS-2"],
  },
];
