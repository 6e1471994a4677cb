// Gradients of densities, entropies, log-samples and tosses against finite differences of the float64 reference.

import type { NdArray } from "@gumbel/core";
import * as reference from "@gumbel/core";
import { beforeAll, describe, expect, it } from "vitest";
import { createSampler, key, split } from "../src/index.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

const sampler = createSampler(tf);
type Tensor = ReturnType<typeof tf.tensor>;

/** Step of the central difference, whose own error is of its square. */
const STEP = 1e-4;

/** A function of several arrays in both, to the same shape. */
interface Differentiable {
  readonly name: string;
  readonly tensors: (inputs: Tensor[]) => Tensor;
  readonly arrays: (inputs: NdArray[]) => NdArray<Float64Array>;
  readonly shapes: readonly (readonly number[])[];
}

/** Twenty settings: temperatures, axes and keys. */
const SETTINGS = split(key(3), 20).map((each, i) => ({
  key: each,
  temperature: [0.1, 0.5, 1, 3][i % 4],
  axis: i % 2 === 0 ? 0 : 1,
  seed: i + 1,
}));

function cases({ key: drawn, temperature, axis }: (typeof SETTINGS)[number]): Differentiable[] {
  const shape = [3, 4];
  const options = { temperature, axis };
  const sampled = { ...options, sampleShape: [2] };
  const drawing = { ...sampled, key: drawn };
  const toss = { key: drawn, temperature, sampleShape: [2] };
  return [
    {
      name: "entropy",
      tensors: ([x]) => sampler.entropy(x, options),
      arrays: ([x]) => reference.entropy(x, options),
      shapes: [shape],
    },
    {
      name: "klDivergence",
      tensors: ([p, q]) => sampler.klDivergence(p, q, { axis }),
      arrays: ([p, q]) => reference.klDivergence(p, q, { axis }),
      shapes: [shape, shape],
    },
    {
      name: "gumbelSoftmax with log",
      tensors: ([x]) => sampler.gumbelSoftmax(x, { ...drawing, log: true }),
      arrays: ([x]) => reference.gumbelSoftmax(x, { ...drawing, log: true }),
      shapes: [shape],
    },
    {
      name: "relaxedLogProb",
      tensors: ([x, s]) => sampler.relaxedLogProb(x, s, sampled),
      arrays: ([x, s]) => reference.relaxedLogProb(x, s, sampled),
      shapes: [shape, [2, ...shape]],
    },
    ...[{}, { logit: true }].map((option) => ({
      name: `relaxedBernoulli ${JSON.stringify(option)}`,
      tensors: ([x]: Tensor[]) => sampler.relaxedBernoulli(x, { ...toss, ...option }),
      arrays: ([x]: NdArray[]) => reference.relaxedBernoulli(x, { ...toss, ...option }),
      shapes: [shape],
    })),
    {
      name: "relaxedBernoulliLogProb",
      tensors: ([x, s]) => sampler.relaxedBernoulliLogProb(x, s, { temperature, sampleShape: [2] }),
      arrays: ([x, s]) => reference.relaxedBernoulliLogProb(x, s, { temperature, sampleShape: [2] }),
      shapes: [shape, [2, ...shape]],
    },
  ];
}

function inputsOf({ shapes }: Differentiable, seed: number): NdArray<Float64Array>[] {
  return shapes.map((shape, i) => {
    const { data } = reference.uniform(shape, { key: key(100 * seed + i) });
    // Values that float32 holds.
    return { data: Float64Array.from(data, (u) => 4 * u - 2), shape };
  });
}

function weightsOf(size: number): number[] {
  return Array.from({ length: size }, (_, i) => Math.fround(Math.sin(5 * i + 1)));
}

describe.each(NODE_BACKENDS)("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(SETTINGS)("gradients are finite differences, setting $seed", (setting) => {
    for (const each of cases(setting)) {
      const inputs = inputsOf(each, setting.seed);
      const loss = (arrays: NdArray[]) => {
        const { data } = each.arrays(arrays);
        const weights = weightsOf(data.length);
        return data.reduce((sum, value, i) => sum + value * weights[i], 0);
      };
      const gradients = tf.grads((...tensors: Tensor[]) => {
        const result = each.tensors(tensors);
        return tf.sum(tf.mul(result, tf.tensor(weightsOf(result.size), result.shape)));
      })(inputs.map(({ data, shape }) => tf.tensor(Array.from(data), [...shape], "float32")));
      gradients.forEach((gradient, n) => {
        gradient.dataSync().forEach((value, i) => {
          const [after, before] = [STEP, -STEP].map((step) =>
            loss(
              inputs.map((input, m) =>
                m === n ? { ...input, data: input.data.map((x, j) => (i === j ? x + step : x)) } : input,
              ),
            ),
          );
          const expected = (after - before) / (2 * STEP);
          const error = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
          expect(error, `${each.name}, input ${n}, element ${i}`).toBeLessThan(2e-4);
        });
      });
    }
  });

  it("a masked category has no gradient in any density", () => {
    const MASK = Number.NEGATIVE_INFINITY;
    const logits = tf.tensor([[0.5, MASK, -1, 2]]);
    const other = tf.tensor([[1, MASK, 0, 0.5]]);
    const logSample = sampler.gumbelSoftmax(logits, { key: key(4), log: true });
    const losses: ((x: Tensor) => Tensor)[] = [
      (x) => sampler.entropy(x),
      (x) => sampler.klDivergence(x, other),
      (x) => sampler.klDivergence(other, x),
      (x) => sampler.relaxedLogProb(x, logSample),
      (x) => sampler.gumbelSoftmax(x, { key: key(4), log: true }).slice([0, 2], [1, 1]),
    ];
    for (const loss of losses) {
      const gradient = tf
        .grad((x) => tf.sum(loss(x)))(logits)
        .dataSync();
      expect(gradient[1] + 0).toBe(0);
      expect(gradient.every(Number.isFinite)).toBe(true);
      expect(Math.abs(gradient[0])).toBeGreaterThan(1e-3);
    }
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN, 2 ** 126])(
    "under a mask a gradient is 0, and no other row is touched, at the cotangent %d",
    (cotangent) => {
      const MASK = Number.NEGATIVE_INFINITY;
      const logits = tf.tensor([
        [MASK, 0, 1],
        [0, 1, 2],
      ]);
      const other = tf.tensor([
        [MASK, 2, 1],
        [0, 0, 0],
      ]);
      const logSample = tf.tensor([
        [MASK, -1, -1],
        [-1, -2, -1],
      ]);
      const indices = tf.tensor([1, 2], [2], "int32");
      const losses: Record<string, (x: Tensor) => Tensor> = {
        logProb: (x) => sampler.logProb(x, indices),
        filtered: (x) => sampler.logProb(x, indices, { topK: 2, temperature: [0.5, 2] }),
        entropy: (x) => sampler.entropy(x),
        divergence: (x) => sampler.klDivergence(x, other),
        "divergence from it": (x) => sampler.klDivergence(other, x),
        density: (x) => sampler.relaxedLogProb(x, logSample),
      };
      const gradientOf = (loss: (x: Tensor) => Tensor, first: number) =>
        Array.from(
          tf
            .grad((x) => tf.mul(loss(x), tf.tensor([first, 1])))(logits)
            .dataSync(),
          (x) => x + 0,
        );
      for (const [name, loss] of Object.entries(losses)) {
        const gradient = gradientOf(loss, cotangent);
        expect(gradient[0], name).toBe(0);
        expect(gradient.slice(3), name).toEqual(gradientOf(loss, 1).slice(3));
      }
      // Of values without replacement: the category that holds the place, and no other.
      const held = tf.grad((x) =>
        tf.mul(sampler.gumbelTopK(x, 1, { key: key(4) }).values, tf.tensor([[cotangent], [1]])),
      )(logits);
      const isHeld = sampler.categorical(logits, { key: key(4) }).dataSync()[0];
      expect(Array.from(held.dataSync().slice(0, 3))).toEqual(
        [0, 1, 2].map((j) => (j === isHeld ? cotangent : 0)),
      );
    },
  );

  it("the gradient of a divergence is finite where log-probabilities are as far apart as float32 reaches", () => {
    const [p, q] = [tf.tensor([3e38, -3e38]), tf.tensor([-3e38, 3e38])];
    const [ofP, ofQ] = tf.grads((x, y) => sampler.klDivergence(x, y))([p, q]);
    expect(Array.from(ofP.dataSync(), (x) => x + 0)).toEqual([0, 0]);
    expect(Array.from(ofQ.dataSync())).toEqual([-1, 1]);
  });

  it("a hard toss has the gradient of its soft one", () => {
    const logits = tf.tensor([0.3, -2, 1]);
    const gradientOf = (hard: boolean) =>
      tf
        .grad((x) => tf.sum(sampler.relaxedBernoulli(x, { key: key(5), temperature: 0.5, hard })))(logits)
        .dataSync();
    expect(gradientOf(true)).toEqual(gradientOf(false));
    const values = sampler.relaxedBernoulli(logits, { key: key(5), hard: true }).dataSync();
    expect(values.every((value) => value === 0 || value === 1)).toBe(true);
  });
});
