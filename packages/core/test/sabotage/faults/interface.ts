// Faults in arguments, errors, state and lifetime.
import type { Handle } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

export const interfaceFaults: readonly Sabotage[] = [
  {
    name: "a negative temperature is taken by its size",
    fault: {
      sampler: (honest) => ({
        gumbelSoftmax: (logits, options = {}) =>
          honest.gumbelSoftmax(
            logits,
            options.temperature! < 0 ? { ...options, temperature: -options.temperature! } : options,
          ),
      }),
    },
    breaks: ["ARG-1"],
  },
  {
    name: "a temperature of 0 is replaced by a small one",
    fault: {
      sampler: (honest) => ({
        softmax: (logits, options = {}) =>
          honest.softmax(logits, options.temperature === 0 ? { ...options, temperature: 1e-6 } : options),
      }),
    },
    breaks: ["ARG-1"],
  },
  {
    name: "an axis out of range wraps around",
    fault: {
      sampler: (honest) => ({
        categorical: (logits, options = {}) =>
          honest.categorical(
            logits,
            options.axis === logits.shape.length ? { ...options, axis: 0 } : options,
          ),
      }),
    },
    breaks: ["ARG-1"],
  },
  {
    name: "k past the number of categories is clipped",
    fault: {
      sampler: (honest) => ({
        gumbelTopK: (logits, k, options) =>
          honest.gumbelTopK(
            logits,
            Number.isInteger(k) && logits.shape.length > 0
              ? Math.min(k, logits.shape.at(options?.axis ?? -1) ?? k)
              : k,
            options,
          ),
      }),
    },
    breaks: ["ARG-1"],
  },
  {
    name: "errors do not say which argument is bad",
    fault: {
      sampler: (honest) => ({
        gumbel(shape, options) {
          try {
            return honest.gumbel(shape, options);
          } catch {
            throw new RangeError("invalid argument");
          }
        },
      }),
    },
    breaks: ["ARG-1"],
  },
  {
    name: "the default temperature is 0.5",
    fault: {
      sampler: (honest) => ({
        gumbelSoftmax: (logits, options = {}) =>
          honest.gumbelSoftmax(logits, {
            ...options,
            temperature: options.temperature === undefined ? 0.5 : options.temperature,
          }),
      }),
    },
    breaks: ["KEY-1", "LOGITS-1", "LOGITS-2", "GS-1", "GS-4", "GS-5", "NOISE-5", "GS-7"],
  },
  {
    name: "options are spread, which leaves inherited ones out",
    fault: {
      sampler: (honest) => ({
        relaxedBernoulli: (logits, options) => honest.relaxedBernoulli(logits, options && { ...options }),
      }),
    },
    // ARG-1: an array of options is taken.
    breaks: ["ARG-4", "ARG-1"],
  },
  {
    name: "the axis is read twice, of options that may be getters",
    fault: {
      sampler: (honest) => ({
        entropy(logits, options) {
          if (options?.axis === logits.shape.length)
            throw new RangeError(`axis must be less, got ${options.axis}`);
          return honest.entropy(logits, options);
        },
      }),
    },
    breaks: ["ARG-4"],
  },
  {
    name: "a left-out key is always the same one",
    fault: {
      sampler: (honest) => ({
        categorical: (logits, options = {}) =>
          honest.categorical(logits, { ...options, key: options.key ?? [0, 7] }),
      }),
    },
    breaks: ["KEY-3"],
  },
  {
    name: "a left-out key comes from Math.random, which seed(n) does not reach",
    fault: {
      sampler: (honest) => ({
        gumbel: (shape, options = {}) =>
          honest.gumbel(shape, {
            ...options,
            key: options.key === undefined ? [0, Math.floor(Math.random() * 2 ** 32)] : options.key,
          }),
      }),
    },
    breaks: ["KEY-3"],
  },
  {
    name: "a little noise is left to chance",
    fault: {
      parts: (honest) => ({
        gumbel: (...block) => honest.gumbel(...block) * (1 + (Math.random() - 0.5) * 2 ** -22),
      }),
    },
    breaks: ["KEY-4", "BITS-3", "BITS-4", "VJP-3"],
  },
  {
    name: "noise is cached by shape, whatever the key",
    fault: {
      sampler: (honest) => {
        const cache = new Map<string, Handle>();
        return {
          gumbel(shape, options) {
            const kept = cache.get(String(shape));
            if (kept !== undefined) return kept;
            const noise = honest.gumbel(shape, options) as Handle;
            cache.set(String(shape), noise);
            return noise;
          },
        };
      },
    },
    breaks: ["NOISE-1", "NOISE-2", "NOISE-3", "NOISE-4", "KEY-1", "KEY-3"],
  },
  {
    name: "results share one buffer, which the next call overwrites",
    fault: {
      sampler: (honest) => {
        const buffers = new Map<number, Float32Array>();
        return {
          async softmax(logits, options) {
            const y = await honest.softmax(logits, options);
            const shared = buffers.get(y.data.length) ?? new Float32Array(y.data.length);
            buffers.set(y.data.length, shared);
            shared.set(y.data as Float32Array);
            (y as { data: Float32Array }).data = shared;
            return y;
          },
        };
      },
    },
    breaks: ["LIFE-1", "KEY-4"],
  },
  {
    name: "the logits are perturbed in place",
    fault: {
      sampler: (honest) => ({
        async categorical(logits, options) {
          const indices = await honest.categorical(logits, options);
          logits.data.forEach((_, i) => {
            logits.data[i] += 1;
          });
          return indices;
        },
      }),
    },
    breaks: ["LIFE-1"],
  },
  {
    name: "the caller's key is advanced in place",
    fault: {
      sampler: (honest) => ({
        async gumbelTopK(logits, k, options) {
          const result = await honest.gumbelTopK(logits, k, options);
          const words = options?.key as [number, number] | undefined;
          if (Array.isArray(words)) words[1] = (words[1] + 1) >>> 0;
          return result;
        },
      }),
    },
    breaks: ["LIFE-1", "KEY-1", "KEY-4", "TOPK-1", "TOPK-2"],
  },
  {
    name: "one tensor leaks a call",
    fault: {
      sampler: (honest, { make }) => ({
        gumbelSoftmax(logits, options) {
          make([1], [1]);
          return honest.gumbelSoftmax(logits, options);
        },
      }),
    },
    breaks: ["LIFE-2", "ARG-2"],
  },
  {
    name: "the gradient leaks its soft sample",
    fault: {
      sampler: (honest) => ({
        async softmaxVjp(logits, cotangent, options) {
          const gradient = await honest.softmaxVjp(logits, cotangent, options);
          await honest.softmax(logits, options);
          return gradient;
        },
      }),
    },
    breaks: ["LIFE-2", "ARG-2"],
  },
  {
    name: "a refused call leaves its buffer behind",
    fault: {
      sampler: (honest, { make, release }) => ({
        bits(shape, options) {
          const buffer = make([0], [1]);
          const words = honest.bits(shape, options);
          release(buffer);
          return words;
        },
      }),
    },
    breaks: ["ARG-2", "LIFE-2"],
  },
  {
    name: "a disposed sampler goes on",
    fault: { sampler: () => ({ dispose: () => {} }) },
    breaks: ["LIFE-3"],
  },
  {
    name: "a missing precision is silently another one",
    fault: {
      sampler: (honest) => ({
        capabilities: { ...honest.capabilities, precisions: ["full"] },
        gumbel: (shape, options) => honest.gumbel(shape, { ...options, precision: "full" }),
      }),
    },
    breaks: ["ARG-3", "ARG-1"],
  },
  {
    name: "a missing operation fails with a TypeError",
    fault: {
      sampler: (honest) => ({
        capabilities: {
          ...honest.capabilities,
          operations: honest.capabilities.operations.filter((o) => o !== "gumbelTopK"),
        },
        gumbelTopK: undefined as never,
      }),
    },
    breaks: ["ARG-3"],
  },
];
