// Faults in how options combine: axis with samples, precision with operation, temperature at its ends, shards.
import type { OperationName } from "../../../src/index.ts";
import { alter, given, isLastAxis, productOf, spoil } from "../alter.ts";
import type { Sabotage } from "../sabotage.ts";

const SOFT: readonly OperationName[] = ["gumbelSoftmax", "softmax"];
const DRAWING: readonly OperationName[] = ["gumbelSoftmax", "gumbelSoftmaxVjp", "categorical", "gumbelTopK"];

/** The nearest float16, for numbers in its normal range. */
function float16(value: number): number {
  const step = 2 ** (Math.floor(Math.log2(value)) - 10);
  return Math.round(value / step) * step;
}

export const optionFaults: readonly Sabotage[] = [
  {
    name: "the gradient recomputes its noise at full precision, whatever was asked",
    fault: given(["gumbelSoftmaxVjp"], (options) =>
      options.precision === "jax" ? { ...options, precision: "full" } : options,
    ),
    breaks: ["NOISE-4", "VJP-4"],
  },
  {
    name: "the gradient recomputes its noise at precision jax, where full is asked by name",
    fault: given(["gumbelSoftmaxVjp"], (options) =>
      options.precision === "full" ? { ...options, precision: "jax" } : options,
    ),
    breaks: ["VJP-4"],
  },
  {
    name: "top-k knows full precision only",
    fault: given(["gumbelTopK"], (options) =>
      options.precision === "jax" ? { ...options, precision: "full" } : options,
    ),
    breaks: ["TOPK-2"],
  },
  {
    name: "categorical knows full precision only",
    fault: given(["categorical"], (options) =>
      options.precision === "jax" ? { ...options, precision: "full" } : options,
    ),
    breaks: ["CAT-2"],
  },
  {
    name: "gumbelSoftmax knows full precision only",
    fault: given(["gumbelSoftmax"], (options) =>
      options.precision === "jax" ? { ...options, precision: "full" } : options,
    ),
    breaks: ["NOISE-4", "GS-4"],
  },
  {
    name: "the hard sample takes a shortcut at precision jax",
    fault: given(["gumbelSoftmax"], (options) =>
      options.hard && options.precision === undefined ? { ...options, precision: "jax" } : options,
    ),
    breaks: ["NOISE-5"],
  },
  {
    name: "the temperature is a float16",
    fault: {
      parts: (honest) => ({
        softmax: (z, temperature) =>
          honest.softmax(z, temperature > 1e-4 && temperature < 6e4 ? float16(temperature) : temperature),
      }),
    },
    breaks: ["GS-4"],
  },
  {
    name: "a temperature below 0.001 is taken for 0.001",
    fault: {
      parts: (honest) => ({ softmax: (z, temperature) => honest.softmax(z, Math.max(1e-3, temperature)) }),
    },
    breaks: ["GS-4", "SM-1"],
  },
  {
    name: "a temperature below 1e-5 is taken for 1e-5",
    fault: {
      parts: (honest) => ({ softmax: (z, temperature) => honest.softmax(z, Math.max(1e-5, temperature)) }),
    },
    breaks: ["SM-1"],
  },
  {
    name: "a temperature above 1000 is taken for 1000",
    fault: {
      parts: (honest) => ({ softmax: (z, temperature) => honest.softmax(z, Math.min(1e3, temperature)) }),
    },
    breaks: ["GS-4", "VJP-4", "VJP-1"],
  },
  {
    name: "a temperature above 1e6 is taken for 1e6",
    fault: {
      parts: (honest) => ({ softmax: (z, temperature) => honest.softmax(z, Math.min(1e6, temperature)) }),
    },
    breaks: ["GS-3", "GS-4", "VJP-4"],
  },
  {
    name: "the gradient divides by 100 at most",
    fault: {
      parts: (honest) => ({ vjp: (y, c, temperature) => honest.vjp(y, c, Math.min(100, temperature)) }),
    },
    breaks: ["VJP-4", "VJP-1"],
  },
  {
    name: "the gradient divides by 0.001 at least",
    fault: {
      parts: (honest) => ({ vjp: (y, c, temperature) => honest.vjp(y, c, Math.max(1e-3, temperature)) }),
    },
    breaks: ["VJP-1", "VJP-2", "VJP-4"],
  },
  {
    name: "the gradient is clipped at 10,000",
    fault: {
      parts: (honest) => ({
        vjp: (...call) => honest.vjp(...call).map((value) => Math.min(1e4, Math.max(-1e4, value))),
      }),
    },
    breaks: ["VJP-1", "VJP-2", "VJP-4"],
  },
  {
    name: "the hard softmax is the largest soft value, so that neighbours in float32 tie",
    fault: {
      parts: (honest) => ({
        argmax: (z) =>
          z.some((value) => value > 3e37) ? honest.argmax(z) : honest.argmax(honest.softmax(z, 1)),
      }),
    },
    breaks: ["SM-2"],
  },
  {
    name: "floats are compared by their bits, which puts −0 below 0",
    fault: {
      parts: (honest) => ({
        perturb: (logits, noise, temperature) =>
          honest.perturb(
            logits.map((value) => (Object.is(value, -0) ? -1e-30 : value)),
            noise,
            temperature,
          ),
      }),
    },
    breaks: ["SM-2"],
  },
  {
    name: "logits are clamped to ±1e38",
    fault: {
      parts: (honest) => ({
        perturb: (logits, noise, temperature) =>
          honest.perturb(
            logits.map((value) => Math.min(1e38, value)),
            noise,
            temperature,
          ),
      }),
    },
    breaks: ["SM-2", "CAT-4", "KL-1"],
  },
  {
    name: "a positive axis counts the sample dimensions, in gradients",
    fault: given(["gumbelSoftmaxVjp"], (options, { logits }) => {
      const { axis = -1, sampleShape = [] } = options;
      const within = Number.isInteger(axis) && axis >= 0 && axis < logits.shape.length;
      return within ? { ...options, axis: Math.max(0, axis - sampleShape.length) } : options;
    }),
    breaks: ["VJP-1"],
  },
  {
    name: "the cotangent of a square matrix is read transposed along the first axis",
    fault: alter(["softmaxVjp"], async (call, { make, release }) => {
      const [logits, cotangent] = call.inputs as (typeof call.logits)[];
      const [rows, columns] = logits.shape;
      const isSquare =
        logits.shape.length === 2 && rows === columns && String(cotangent.shape) === String(logits.shape);
      if (!isSquare || isLastAxis({ ...call, options: call.options ?? {} })) return call.honest();
      const turned = make(
        cotangent.data.map((_, i) => cotangent.data[(i % rows) * rows + Math.floor(i / rows)]),
        cotangent.shape,
      );
      const result = await call.honest(call.options, [logits, turned]);
      release(turned);
      return result;
    }),
    breaks: ["VJP-2", "VJP-4"],
  },
  {
    name: "samples of rank 2 are counted by columns",
    fault: spoil(["gumbelSoftmax", "categorical"], ([y], { options: { sampleShape = [] } }) => {
      if (sampleShape.length !== 2) return;
      const [rows, columns] = sampleShape;
      const size = y.length / (rows * columns);
      const from = y.slice();
      for (let s = 0; s < rows * columns; s++) {
        const other = (s % columns) * rows + Math.floor(s / columns);
        y.set(from.subarray(other * size, (other + 1) * size), s * size);
      }
    }),
    breaks: ["GS-4"],
  },
  {
    name: "of a sample shape of rank 3 only two dimensions have noise of their own",
    fault: spoil(["gumbelSoftmax", "categorical"], ([y], { options: { sampleShape = [] } }) => {
      if (sampleShape.length < 3) return;
      y.copyWithin(y.length / sampleShape[0], 0, y.length / sampleShape[0]);
    }),
    breaks: ["GS-4"],
  },
  {
    name: "a gradient over a sample shape of rank 3 sums the first two dimensions",
    fault: alter(["gumbelSoftmaxVjp"], async ({ inputs, honest, options, logits }, { make, release }) => {
      const sampleShape = options?.sampleShape ?? [];
      const cotangent = inputs[1] as typeof logits;
      if (!Array.isArray(sampleShape) || sampleShape.length < 3) return honest();
      const last = sampleShape.at(-1)!;
      const cut = make(
        cotangent.data.map((c, i) => (Math.floor(i / logits.data.length) % last === 0 ? c : 0)),
        cotangent.shape,
      );
      const result = await honest(options, [logits, cut]);
      release(cut);
      return result;
    }),
    breaks: ["VJP-1", "VJP-3", "VJP-4"],
  },
  {
    name: "the noise has shape [...batch, ...samples]",
    fault: alter(["categorical"], async ({ honest, options, logits }, { release }) => {
      const results = await honest();
      const samples = productOf(options?.sampleShape);
      if (samples <= 1 || results[0].data.length === 0 || options?.key === undefined) return results;
      const batch = results[0].data.length / samples;
      const categories = logits.data.length / batch;
      if (logits.shape.at(-1) !== categories || (options.axis ?? -1) !== -1 || options.offset !== undefined)
        return results;
      for (let row = 0; row < batch; row++) {
        for (let s = 0; s < samples; s++) {
          const offset = (row * samples + s) * categories - row * categories;
          if (offset < 0) continue;
          const [other] = await honest({ ...options, sampleShape: [], offset, rowStride: categories });
          results[0].data[s * batch + row] = other.data[row];
          release(other);
        }
      }
      return results;
    }),
    breaks: ["GS-1", "CAT-2"],
  },
  {
    name: "a sample shape of ones is squeezed away",
    fault: alter(["gumbelSoftmax", "categorical"], async ({ honest, options }, { make, release }) => {
      const [y] = await honest();
      const { sampleShape = [] } = options ?? {};
      if (sampleShape.length === 0 || sampleShape.some((dimension) => dimension !== 1)) return [y];
      release(y);
      return [make(y.data, y.shape.slice(sampleShape.length), y.data instanceof Int32Array)];
    }),
    breaks: ["GS-1"],
  },
  {
    name: "the row stride counts only where the categories lie along the last axis",
    fault: given(DRAWING, (options, call) =>
      isLastAxis({ ...call, options }) || !(options.rowStride! > 1e3)
        ? options
        : { ...options, rowStride: undefined! },
    ),
    breaks: ["GS-4"],
  },
  {
    name: "the gradient of several samples recomputes its noise without the offset",
    fault: {
      parts: () => ({
        noiseOfGradient: (noise) =>
          noise.shape.length > 3 ? { ...noise, offset: 0, rowStride: noise.columns } : noise,
      }),
    },
    breaks: ["VJP-1"],
  },
  ...(["softmax", "gumbelTopK"] as const).map(
    (operation): Sabotage => ({
      name: `${operation} confuses the inner axes of four dimensions where they are equally long`,
      fault: given([operation], (options, { logits }) => {
        const { shape } = logits;
        const isConfused = options.axis === 1 && shape.length === 4 && shape[1] === shape[2];
        return isConfused ? { ...options, axis: 2 } : options;
      }),
      breaks: ["LOGITS-1"],
    }),
  ),
  {
    name: "tensors of more than five dimensions lose the last ones' order",
    fault: spoil(SOFT, ([y], { logits, options }) => {
      if (logits.shape.length + (options.sampleShape?.length ?? 0) > 5) y.reverse();
    }),
    breaks: ["GS-4", "GS-6"],
  },
  {
    name: "a scalar's worth of bits has shape [1]",
    fault: alter(["bits", "gumbel"], async ({ inputs, honest }, { make, release }) => {
      const [words] = await honest();
      if ((inputs[0] as number[]).length > 0) return [words];
      release(words);
      return [make(words.data, [1], words.data instanceof Int32Array)];
    }),
    breaks: ["BITS-2"],
  },
];
