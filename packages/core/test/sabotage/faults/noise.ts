// Faults in keys, counters, bits and noise.
import { blockOf } from "../../../src/adapter.ts";
import { threefry2x32 } from "../../../src/index.ts";
import { alter, type Options } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

const BITS = ["BITS-1", "BITS-2", "BITS-3", "BITS-4", "KEY-1", "KEY-2"];
const NOISE = ["NOISE-1", "NOISE-2", "NOISE-3", "NOISE-4", "NOISE-5"];

/** −log(−log u) in float64, for faults whose u is already wrong. */
const gumbelOfUniform = (u: number) => -Math.log(-Math.log(u));

export const noiseFaults: readonly Sabotage[] = [
  {
    name: "seed 0 counts as no seed [tfjs multinomial]",
    fault: {
      parts: (honest) => ({
        block: (noise, i) =>
          honest.block(noise.key[0] === 0 && noise.key[1] === 0 ? { ...noise, key: [0, 1234] } : noise, i),
      }),
    },
    breaks: BITS,
  },
  {
    name: "the logarithm of one octave of small words is a wrong piece",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) =>
          honest.gumbel(x0, x1, precision) + (Math.clz32(x0 ^ x1) === 18 ? 2 ** -12 : 0),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "the logarithm of one octave of large words is a wrong piece",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) =>
          honest.gumbel(x0, x1, precision) + (Math.clz32(~(x0 ^ x1)) === 20 ? 2 ** -12 : 0),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "seed 0 counts as no seed, in categorical alone",
    fault: {
      sampler: (honest) => ({
        categorical: (logits, options) =>
          honest.categorical(
            logits,
            options?.key?.[1] || options?.key?.[0] ? options : { ...options, key: [0, 9] },
          ),
      }),
    },
    breaks: ["KEY-1", "KEY-3", "GS-6"],
  },
  {
    name: "the key's high word is ignored",
    fault: { parts: () => ({ block: (noise, i) => blockOf([0, noise.key[1]], noise, i) }) },
    breaks: BITS,
  },
  {
    name: "the key's words are swapped",
    fault: { parts: () => ({ block: (noise, i) => blockOf([noise.key[1], noise.key[0]], noise, i) }) },
    breaks: BITS,
  },
  {
    name: "12 rounds instead of 20",
    fault: { parts: () => ({ block: (noise, i) => threefry2x32(noise.key[0], noise.key[1] ^ 12, 0, i) }) },
    breaks: BITS,
  },
  {
    name: "the counter's high word is dropped",
    fault: {
      parts: () => ({
        block({ key, offset, rowStride, columns }, i) {
          const row = Math.floor(i / columns);
          return threefry2x32(key[0], key[1], 0, (offset + row * rowStride + (i % columns)) >>> 0);
        },
      }),
    },
    breaks: ["BITS-2", "BITS-4", ...NOISE],
  },
  {
    name: "the low counter word wraps without a carry",
    fault: {
      parts: () => ({
        block({ key, offset, rowStride, columns }, i) {
          const within = Math.floor(i / columns) * rowStride + (i % columns);
          return threefry2x32(key[0], key[1], Math.floor(offset / 2 ** 32), (offset + within) >>> 0);
        },
      }),
    },
    breaks: ["BITS-2", "BITS-4", ...NOISE],
  },
  {
    name: "the row stride is ignored",
    fault: {
      parts: (honest) => ({ block: (noise, i) => honest.block({ ...noise, rowStride: noise.columns }, i) }),
    },
    breaks: ["BITS-2", "BITS-4", ...NOISE],
  },
  {
    name: "the offset is ignored by topK",
    fault: {
      sampler: (honest) => ({
        gumbelTopK: (logits, k, options) => honest.gumbelTopK(logits, k, { ...options, offset: 0 }),
      }),
    },
    breaks: ["BITS-4", "TOPK-1", "TOPK-2", "GS-6"],
  },
  {
    name: "an odd number of elements pads the pairing of counters, as old threefry splits did",
    fault: {
      parts: () => ({
        block(noise, i) {
          const half = Math.ceil(noise.shape.reduce((a, b) => a * b, 1) / 2);
          const [a, b] = threefry2x32(noise.key[0], noise.key[1], i % half, (i % half) + half);
          return i < half ? [a, b] : [b, a];
        },
      }),
    },
    breaks: BITS,
  },
  {
    name: "one random number for a whole batch [tfjs multinomial on cpu]",
    fault: { parts: (honest) => ({ block: (noise, i) => honest.block(noise, i % noise.columns) }) },
    breaks: BITS,
  },
  {
    name: "samples of one call share their noise",
    fault: {
      sampler: (honest, { make }) => ({
        async categorical(logits, options = {}) {
          const { sampleShape = [], ...rest } = options as Options;
          const one = await honest.categorical(logits, rest);
          const times = sampleShape.reduce((a, b) => a * b, 1);
          const data = Array.from({ length: times }, () => Array.from(one.data)).flat();
          return make(data, [...sampleShape, ...one.shape], true);
        },
      }),
    },
    breaks: ["CAT-1", "CAT-2", "CAT-3", "ARG-1", "KEY-3"],
  },
  {
    name: "noise depends on how many rows the tensor has",
    fault: {
      parts: (honest) => ({
        block: (noise, i) =>
          honest.block({ ...noise, offset: noise.offset + (noise.shape.length > 1 ? noise.shape[0] : 0) }, i),
      }),
    },
    breaks: BITS,
  },
  {
    name: "the last element of a vector of four is computed another way, one ulp off",
    fault: {
      sampler: (honest, { make }) => ({
        async gumbel(shape, options) {
          const { data } = await honest.gumbel(shape, options);
          const tail = data.length - (data.length % 4);
          return make(
            data.map((g, i) => (i >= tail ? g * (1 + 2 ** -23) : g)),
            shape,
          );
        },
      }),
    },
    breaks: ["BITS-3", "BITS-4", "LIFE-2"],
  },
  {
    name: "+∞ where the uniform is 0 [jax-js wasm]",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) => {
          const u = ((x0 ^ x1) >>> 9) * 2 ** -23;
          return precision === "jax" ? -Math.log(-Math.log1p(-u)) : honest.gumbel(x0, x1, precision);
        },
      }),
    },
    breaks: NOISE,
  },
  {
    name: "−∞ where the uniform is 0",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) =>
          precision === "jax"
            ? gumbelOfUniform(((x0 ^ x1) >>> 9) * 2 ** -23)
            : honest.gumbel(x0, x1, precision),
      }),
    },
    breaks: ["NOISE-4"],
  },
  {
    name: "a uniform that rounds to 1 in float32 gives +∞",
    fault: {
      parts: () => ({
        gumbel: (x0, x1) => gumbelOfUniform(Math.max(2 ** -126, Math.fround(((x0 ^ x1) >>> 0) * 2 ** -32))),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "23-bit noise at full precision",
    fault: { parts: (honest) => ({ gumbel: (x0, x1) => honest.gumbel(x0, x1, "jax") }) },
    breaks: NOISE,
  },
  {
    name: "24-bit noise at full precision",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) =>
          precision === "jax"
            ? honest.gumbel(x0, x1, precision)
            : gumbelOfUniform((((x0 ^ x1) >>> 8) + 0.5) * 2 ** -24),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "32-bit noise at full precision: the second half of the block is unused",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) =>
          precision === "jax"
            ? honest.gumbel(x0, x1, precision)
            : gumbelOfUniform((((x0 ^ x1) >>> 0) + 0.5) * 2 ** -32),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "noise is cut off at 16, where 23 bits end",
    fault: { parts: (honest) => ({ gumbel: (...block) => Math.min(16, honest.gumbel(...block)) }) },
    breaks: NOISE,
  },
  {
    name: "1 − u in float32, which cancels in the winning tail",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) => {
          const g = honest.gumbel(x0, x1, precision);
          const u = Math.exp(-Math.exp(-g));
          return precision === "jax" || u < 0.5
            ? g
            : -Math.log(-Math.log1p(-Math.fround(1 - Math.fround(u)) - 1e-12));
        },
      }),
    },
    breaks: NOISE,
  },
  {
    name: "an epsilon of 1e-20 inside both logarithms [many hand-written versions]",
    fault: {
      parts: () => ({
        gumbel: (x0, x1) =>
          -Math.log(Math.fround(-Math.log(Math.fround(((x0 ^ x1) >>> 8) * 2 ** -24) + 1e-20)) + 1e-20),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "Gumbel noise with its sign turned",
    fault: { parts: (honest) => ({ gumbel: (...block) => -honest.gumbel(...block) }) },
    breaks: NOISE,
  },
  {
    name: "the two precisions are confused",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) => honest.gumbel(x0, x1, precision === "jax" ? "full" : "jax"),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "precision jax is the default",
    fault: {
      sampler: (honest) => ({
        gumbel: (shape, options) => honest.gumbel(shape, { precision: "jax", ...options }),
      }),
    },
    breaks: ["NOISE-5", "NOISE-1", "NOISE-3", "KEY-3"],
  },
  {
    name: "precision jax is the default of categorical alone",
    fault: {
      sampler: (honest) => ({
        categorical: (logits, options) => honest.categorical(logits, { precision: "jax", ...options }),
      }),
    },
    breaks: ["NOISE-5"],
  },
  {
    name: "the word 2³¹, the least int32, is its own absolute value",
    fault: {
      parts: (honest) => ({
        gumbel: (x0, x1, precision) =>
          (x0 ^ x1) >>> 0 === 2 ** 31 ? gumbelOfUniform(2 ** -32) : honest.gumbel(x0, x1, precision),
      }),
    },
    breaks: NOISE,
  },
  {
    name: "categorical draws noise that is up to 3e-5 too large, where gumbel is right",
    fault: alter(["categorical"], async ({ logits, options, honest }, { make, release }) => {
      if (!ArrayBuffer.isView(logits?.data)) return honest();
      const moved = make(
        logits.data.map((value, i) => value + (i % 2) * 3e-5),
        logits.shape,
      );
      try {
        return await honest(options, [moved]);
      } finally {
        release(moved);
      }
    }),
    breaks: ["CAT-2"],
  },
];
