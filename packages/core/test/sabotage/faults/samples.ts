// Faults in what is made of the noise: categories, soft and hard samples, order, axes, rows.
import { foldIn, type GumbelSoftmaxOptions, type Key } from "../../../src/index.ts";
import type { Options } from "../alter.ts";
import type { Handle } from "../float-backend.ts";
import type { Sabotage } from "../sabotage.ts";

const PICKS = [
  "GS-2",
  "GS-6",
  "CAT-1",
  "CAT-2",
  "CAT-3",
  "SM-2",
  "KEY-1",
  "KEY-3",
  "TOPK-1",
  "LOGITS-1",
  "LOGITS-2",
];
const SOFT = ["GS-1", "GS-3", "GS-4", "GS-5", "SM-1", "KEY-1", "KEY-3", "LOGITS-1", "LOGITS-3", "LOGITS-6"];

const turned = (
  { data, shape }: Handle,
  make: (data: ArrayLike<number>, shape: readonly number[]) => Handle,
) => make(Float32Array.from(data).reverse(), shape);

/** Options of the soft sample: an estimator comes with hard alone. */
const softened = (options: GumbelSoftmaxOptions): GumbelSoftmaxOptions => ({
  ...options,
  hard: false,
  estimator: null,
  backwardTemperature: null,
  draws: null,
  gap: null,
});

export const sampleFaults: readonly Sabotage[] = [
  {
    name: "the first category always [tfjs multinomial on webgpu]",
    fault: { parts: () => ({ argmax: () => 0 }) },
    breaks: PICKS,
  },
  {
    name: "the smallest perturbed logit wins [PyTorch at a negative temperature]",
    fault: { parts: (honest) => ({ argmax: (z) => honest.argmax(z.map((value) => -value)) }) },
    breaks: PICKS,
  },
  {
    name: "ties go to the last index",
    fault: {
      parts: () => ({
        argmax(z) {
          let best = 0;
          for (let j = 1; j < z.length; j++) if (z[j] >= z[best]) best = j;
          return best;
        },
      }),
    },
    breaks: PICKS,
  },
  {
    name: "ties go to the last index where there is noise",
    fault: {
      sampler: (honest, { make, release }) => ({
        async categorical(logits, options) {
          const { axis = -1, sampleShape = [] } = (options ?? {}) as Options;
          const result = await honest.categorical(logits, options);
          const plain = logits.shape.length === 1 && axis === -1 && sampleShape.length === 0;
          const { key, precision, offset, rowStride, temperature = 1 } = (options ?? {}) as Options;
          if (!plain || key === undefined || temperature !== 1) return result;
          const noise = { precision, offset, rowStride } as Options;
          const g = await honest.gumbel(logits.shape, { key, ...noise });
          let best = 0;
          for (let j = 1; j < g.data.length; j++) {
            if (g.data[j] + logits.data[j] >= g.data[best] + logits.data[best]) best = j;
          }
          release(g);
          release(result);
          return make(result.data[0] === -1 ? [-1] : [best], [], true);
        },
      }),
    },
    breaks: ["CAT-2"],
  },
  {
    name: "a masked row's index is out of range [jax-js]",
    fault: {
      parts: (honest) => ({
        argmax: (z) => (z.at(-1) === Number.NEGATIVE_INFINITY ? z.length : honest.argmax(z)),
      }),
    },
    breaks: [...PICKS, "LOGITS-3"],
  },
  {
    name: "a mask is −1e9 before the noise, so a masked category gets a probability at a high temperature",
    fault: {
      parts: (honest) => ({
        softmax: (z, temperature) =>
          honest.softmax(
            z.map((value) => Math.max(value, -1e9)),
            temperature,
          ),
      }),
    },
    breaks: ["LOGITS-2", "LOGITS-3", "GS-3", "GS-4", "SM-1", "LOGITS-6"],
  },
  {
    name: "masks count as ordinary −20",
    fault: {
      parts: (honest) => ({
        softmax: (z, temperature) =>
          honest.softmax(
            z.map((value) => Math.max(value, -20)),
            temperature,
          ),
      }),
    },
    breaks: ["LOGITS-2", "GS-4", "SM-1", "LOGITS-6", "GS-3", "VJP-1", "VJP-2", "VJP-4"],
  },
  {
    name: "the temperature divides the logits only, not the noise",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelSoftmax(logits, options = {}) {
          const { temperature = 1 } = options as Options;
          if (!(temperature > 0 && temperature < 1e30)) return honest.gumbelSoftmax(logits, options);
          const scaled = make(
            logits.data.map((value) => value / temperature),
            logits.shape,
          );
          const result = await honest.gumbelSoftmax(scaled, { ...options, temperature: 1 });
          release(scaled);
          return result;
        },
      }),
    },
    breaks: [...SOFT, "GS-6", "LOGITS-2", "LOGITS-3", "ARG-1"],
  },
  {
    name: "the temperature multiplies",
    fault: { parts: (honest) => ({ softmax: (z, temperature) => honest.softmax(z, 1 / temperature) }) },
    breaks: SOFT,
  },
  {
    name: "the temperature is ignored",
    fault: { parts: (honest) => ({ softmax: (z) => honest.softmax(z, 1) }) },
    breaks: SOFT,
  },
  {
    name: "no maximum is subtracted",
    fault: {
      parts: () => ({
        softmax(z, temperature) {
          const y = z.map((value) => Math.exp(value / temperature));
          const sum = y.reduce((total, value) => total + value, 0);
          return y.map((value) => value / sum);
        },
      }),
    },
    breaks: SOFT,
  },
  {
    name: "soft rows miss their last category in the sum",
    fault: {
      parts: (honest) => ({
        softmax(z, temperature) {
          const y = honest.softmax(z, temperature);
          const sum = y.subarray(0, -1).reduce((total, value) => total + value, 0);
          return z.length > 1 && sum > 0 ? y.map((value) => value / sum) : y;
        },
      }),
    },
    breaks: SOFT,
  },
  {
    name: "the hard sample is (hard + y) − stop(y) in float32, 0.99999994 now and then",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelSoftmax(logits, options = {}) {
          if (options.hard !== true || options.key === undefined)
            return honest.gumbelSoftmax(logits, options);
          const hard = await honest.gumbelSoftmax(logits, options);
          const y = await honest.gumbelSoftmax(logits, softened(options));
          const result = make(
            hard.data.map((one, i) => Math.fround(one + y.data[i]) - y.data[i]),
            hard.shape,
          );
          release(hard);
          release(y);
          return result;
        },
      }),
    },
    breaks: ["GS-2"],
  },
  {
    name: "the hard sample is the largest soft value, which a high temperature makes a tie",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelSoftmax(logits, options = {}) {
          const soft = await honest.gumbelSoftmax(logits, softened(options));
          const last = options.axis === undefined || options.axis === -1;
          if (options.hard !== true || !last || logits.data.length === 0) {
            if (options.hard !== true) return soft;
            release(soft);
            return honest.gumbelSoftmax(logits, options);
          }
          const categories = logits.shape.at(-1)!;
          const result = make(soft.data, soft.shape);
          for (let start = 0; start < soft.data.length; start += categories) {
            const row = soft.data.subarray(start, start + categories);
            if (row.some(Number.isNaN)) continue;
            const hot = row.indexOf(Math.max(...row));
            result.data.fill(0, start, start + categories);
            result.data[start + hot] = 1;
          }
          release(soft);
          return result;
        },
      }),
    },
    breaks: ["GS-2", "GS-6"],
  },
  {
    name: "the hard sample holds one category too many on a tie",
    fault: {
      sampler: (honest, { make, release }) => ({
        async softmax(logits, options = {}) {
          const hard = await honest.softmax(logits, options);
          if (options.hard !== true || logits.shape.length !== 2 || (options.axis ?? -1) !== -1) return hard;
          const categories = logits.shape[1];
          const data = hard.data.map((value, i) => {
            const row = logits.data.subarray(
              Math.floor(i / categories) * categories,
              Math.floor(i / categories + 1) * categories,
            );
            return Number.isNaN(value) ? value : Number(logits.data[i] === Math.max(...row));
          });
          release(hard);
          return make(data, hard.shape);
        },
      }),
    },
    breaks: ["SM-2"],
  },
  {
    name: "categorical draws with noise of its own, not that of gumbelSoftmax",
    fault: {
      sampler: (honest) => ({
        categorical: (logits, options) =>
          honest.categorical(
            logits,
            options?.key ? { ...options, key: foldIn(options.key as Key, 5) } : options,
          ),
      }),
    },
    breaks: ["KEY-1", "CAT-2", "GS-6", "ARG-1"],
  },
  {
    name: "categories along another axis than asked, in square tensors",
    fault: {
      sampler: (honest) => ({
        softmax: (logits, options = {}) =>
          honest.softmax(
            logits,
            logits.shape.length === 2 && logits.shape[0] === logits.shape[1]
              ? { ...options, axis: -1 }
              : options,
          ),
      }),
    },
    breaks: ["SM-1", "SM-2", "LOGITS-2", "LOGITS-3", "LOGITS-6", "GS-5", "LOGITS-4"],
  },
  {
    name: "rows are taken along the last axis, whatever the axis",
    fault: { parts: () => ({ at: (start, j) => start + j }) },
    breaks: [...SOFT, ...PICKS, "VJP-1", "VJP-2", "VJP-4", "LOGITS-4", "TOPK-2"],
  },
  {
    name: "a negative axis counts the sample dimensions",
    fault: {
      sampler: (honest) => ({
        gumbelSoftmax(logits, options = {}) {
          const { axis = -1, sampleShape = [] } = options as Options;
          const shifted = axis < -1 && axis + sampleShape.length < 0 ? axis + sampleShape.length : axis;
          return honest.gumbelSoftmax(
            logits,
            axis >= -logits.shape.length ? { ...options, axis: shifted } : options,
          );
        },
      }),
    },
    breaks: [...SOFT, ...PICKS],
  },
  {
    name: "the whole tensor's maximum is subtracted, so that low rows vanish",
    fault: {
      sampler: (honest, { make, release }) => ({
        async softmax(logits, options = {}) {
          const maximum = (logits.data as Float32Array).reduce((most, value) => Math.max(most, value), -3e38);
          const y = await honest.softmax(logits, options);
          const { axis = -1, hard, temperature = 1 } = options as Options;
          if (hard || axis !== -1 || !(temperature >= 1)) return y;
          const categories = logits.shape.at(-1)!;
          const result = make(
            y.data.map((value, i) => {
              const row = logits.data.subarray(
                Math.floor(i / categories) * categories,
                Math.floor(i / categories + 1) * categories,
              );
              return Math.max(...row) - maximum < -103 ? Number.NaN : value;
            }),
            y.shape,
          );
          release(y);
          return result;
        },
      }),
    },
    breaks: ["LOGITS-3", "LOGITS-6"],
  },
  {
    name: "top-k of a batch mixes rows [jax-js replace: false]",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelTopK(logits, k, options) {
          const result = await honest.gumbelTopK(logits, k, options);
          const indices = make(result.indices.data.slice().sort(), result.indices.shape, true);
          release(result.indices);
          return { values: result.values, indices };
        },
      }),
    },
    breaks: ["TOPK-1", "TOPK-2", "TOPK-3", "LOGITS-2", "LOGITS-3", "KEY-1", "KEY-3", "LOGITS-1"],
  },
  {
    name: "top-k draws with replacement",
    fault: { parts: (honest) => ({ order: (z) => honest.order(z).map((_, place, all) => all[place >> 1]) }) },
    breaks: ["TOPK-1", "TOPK-2", "TOPK-3", "KEY-1", "KEY-3"],
  },
  {
    name: "top-k is in ascending order",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelTopK(logits, k, options) {
          const { values, indices } = await honest.gumbelTopK(logits, k, options);
          const result = {
            values: turned(values, make),
            indices: make(indices.data.slice().reverse(), indices.shape, true),
          };
          release(values);
          release(indices);
          return result;
        },
      }),
    },
    breaks: ["TOPK-1", "TOPK-2", "TOPK-3", "LOGITS-3", "KEY-1", "KEY-3"],
  },
  {
    name: "top-k gives the logits, not the perturbed logits",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelTopK(logits, k, options) {
          const { values, indices } = await honest.gumbelTopK(logits, k, options);
          if ((options?.axis ?? -1) !== -1) return { values, indices };
          const categories = logits.shape.at(-1)!;
          const plain = make(
            Float32Array.from(values.data, (value, i) =>
              indices.data[i] < 0 ? value : logits.data[Math.floor(i / k) * categories + indices.data[i]],
            ),
            values.shape,
          );
          release(values);
          return { values: plain, indices };
        },
      }),
    },
    breaks: ["TOPK-2", "TOPK-1", "KEY-1", "KEY-3"],
  },
  {
    name: "top-k picks masked categories when nothing else is left",
    fault: {
      sampler: (honest, { make, release }) => ({
        async gumbelTopK(logits, k, options) {
          const { values, indices } = await honest.gumbelTopK(logits, k, options);
          const filled = make(
            indices.data.map((index, i) => (index === -1 && !Number.isNaN(values.data[i]) ? 0 : index)),
            indices.shape,
            true,
          );
          release(indices);
          return { values, indices: filled };
        },
      }),
    },
    breaks: ["TOPK-3", "TOPK-2"],
  },
  {
    name: "the gradient clips cotangents above 100",
    fault: {
      parts: (honest) => ({
        vjp: (y, cotangent, temperature) =>
          honest.vjp(
            y,
            cotangent.map((c) => Math.max(-100, Math.min(100, c))),
            temperature,
          ),
      }),
    },
    breaks: ["VJP-4"],
  },
];
