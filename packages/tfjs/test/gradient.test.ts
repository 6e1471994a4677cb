// What TensorFlow.js differentiates is the analytic product of the sample that the caller saw.
import { beforeAll, describe, expect, it } from "vitest";
import {
  createSampler,
  key,
  type LogProbOptions,
  nextKey,
  seed as restart,
  UnsupportedError,
} from "../src/index.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

const sampler = createSampler(tf);
type Tensor = ReturnType<typeof tf.tensor>;
const values = (...shape: number[]) =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 3 * Math.sin(13 * i + 1)),
    shape,
  );

/** Options without an estimator. */
const PLAIN = { estimator: undefined, backwardTemperature: undefined, draws: undefined, gap: undefined };

/** The gradient of a soft sample is computed from the sample, which was rounded: equal but for the last digits. */
function expectClose(gradient: ReturnType<typeof values>, expected: ReturnType<typeof values>): void {
  expect(gradient.shape).toEqual(expected.shape);
  const wanted = expected.dataSync();
  gradient.dataSync().forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThan(2 ** -20);
  });
}

describe.each(NODE_BACKENDS)("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  it.each([false, true])("the gradient of a sample is gumbelSoftmaxVjp at its key, hard: %s", (hard) => {
    const [logits, weights] = [values(3, 5), values(4, 3, 5)];
    const options = { key: key(7), temperature: 0.7, hard, sampleShape: [4] };
    const gradient = tf.grad((x) => tf.sum(tf.mul(weights, sampler.gumbelSoftmax(x, options))))(logits);
    const expected = sampler.gumbelSoftmaxVjp(logits, weights, options);
    expectClose(gradient, expected);
    expect(Math.max(...expected.dataSync())).toBeGreaterThan(0.1);
  });

  it.each([
    { estimator: "reinmax" },
    { estimator: "gumbel-rao", draws: 3 },
    { estimator: "gapped", gap: 2 },
    { estimator: "gapped", gap: "expected" },
    { estimator: "straight-through", backwardTemperature: 0.2 },
  ] as const)("the gradient of a hard sample is as its estimator has it, %o", (estimator) => {
    const [logits, weights] = [values(3, 5), values(4, 3, 5)];
    const options = { key: key(7), temperature: 0.7, hard: true, sampleShape: [4], ...estimator };
    const loss = (x: typeof logits) => tf.sum(tf.mul(weights, sampler.gumbelSoftmax(x, options)));
    const gradient = tf.grad(loss)(logits);
    expectClose(gradient, sampler.gumbelSoftmaxVjp(logits, weights, options));
    const plain = sampler.gumbelSoftmaxVjp(logits, weights, { ...options, ...PLAIN });
    expect(tf.max(tf.abs(tf.sub(gradient, plain))).dataSync()[0]).toBeGreaterThan(0.05);
  });

  it.each([false, true])("the gradient of softmax is softmaxVjp along any axis, hard: %s", (hard) => {
    const [logits, weights] = [values(3, 5), values(3, 5)];
    const options = { temperature: 2, hard, axis: 0 };
    const gradient = tf.grad((x) => tf.sum(tf.mul(weights, sampler.softmax(x, options))))(logits);
    expectClose(gradient, sampler.softmaxVjp(logits, weights, options));
  });

  it.each([false, true])(
    "without a key, the gradient is that of the sample that was returned, hard: %s",
    (hard) => {
      const [logits, weights] = [values(2, 6), values(2, 6)];
      // From the default stream, started over: the call must take one key, forward and backward.
      restart(5);
      const options = { key: nextKey(), hard };
      restart(5);
      const gradient = tf.grad((x) => tf.sum(tf.mul(weights, sampler.gumbelSoftmax(x, { hard }))))(logits);
      expectClose(gradient, sampler.gumbelSoftmaxVjp(logits, weights, options));
      const second = nextKey();
      restart(5);
      nextKey();
      expect(second).toEqual(nextKey());
    },
  );

  it("the gradient of gumbelTopK's values goes to the categories that hold them", () => {
    const logits = values(2, 4, 3);
    const weights = values(2, 2, 3);
    const { indices } = sampler.gumbelTopK(logits, 2, { key: key(3), axis: 1 });
    const gradient = tf.grad((x) =>
      tf.sum(tf.mul(weights, sampler.gumbelTopK(x, 2, { key: key(3), axis: 1 }).values)),
    )(logits);
    const expected = tf.buffer(logits.shape as [number, number, number]);
    const [at, weight] = [indices.arraySync() as number[][][], weights.arraySync() as number[][][]];
    for (let o = 0; o < 2; o++)
      for (let place = 0; place < 2; place++)
        for (let i = 0; i < 3; i++) expected.set(weight[o][place][i], o, at[o][place][i], i);
    expect(gradient.dataSync()).toEqual(expected.toTensor().dataSync());
  });

  it.each([{}, { temperature: 0.5 }, { axis: 0 }])(
    "the gradient of logProb is that of its formula, %o",
    (options) => {
      const logits = values(3, 4);
      const { axis = -1, temperature = 1 } = options as { axis?: number; temperature?: number };
      const indices = sampler.categorical(logits, { key: key(3), axis });
      const gradient = tf.grad((x) => sampler.logProb(x, indices, options))(logits, values(...indices.shape));
      const depth = logits.shape.at(axis) ?? 0;
      const oneHot = tf.cast(tf.oneHot(indices as never, depth), "float32");
      const picked = axis === 0 ? tf.transpose(oneHot) : oneHot;
      const y = sampler.softmax(logits, options);
      const scale = tf.expandDims(values(...indices.shape), axis);
      expectClose(gradient, tf.div(tf.mul(tf.sub(picked, y), scale), temperature));
    },
  );

  it.each<LogProbOptions>([
    { topK: 2 },
    { topP: 0.7, temperature: 0.5 },
    { minP: [0, 0.3, 0.9], temperature: [0.5, 1, 2], order: "temperature-last" },
    { typicalP: 0.5, axis: 0 },
    { mask: Int32Array.of(0b1011) },
  ])(
    "the gradient of logProb with filters is that among what they keep, and what they leave out has none, %o",
    (options) => {
      const logits = values(3, 4);
      const axis = options.axis ?? -1;
      const indices = tf.onesLike(tf.argMax(logits, axis));
      const cotangent = values(...indices.shape);
      const gradient = tf.grad((x) => sampler.logProb(x, indices, options))(logits, cotangent);
      // Probabilities of all categories: log-probabilities, category by category.
      const categories = Array.from({ length: logits.shape.at(axis)! }, (_, j) => j);
      const logProbs = categories.map((j) =>
        sampler.logProb(logits, tf.fill(indices.shape, j, "int32"), options),
      );
      const y = tf.exp(tf.stack(logProbs, axis));
      const isAt = tf.stack(
        categories.map((j) =>
          j === 1 ? tf.greater(tf.exp(logProbs[j]), 0) : tf.zeros(indices.shape, "bool"),
        ),
        axis,
      );
      const { temperature = 1 } = options;
      const tau = typeof temperature === "number" ? temperature : tf.tensor(temperature as number[], [3, 1]);
      const scaled = tf.div(tf.expandDims(cotangent, axis), tau as ReturnType<typeof tf.scalar>);
      expectClose(gradient, tf.mul(tf.sub(tf.cast(isAt, "float32"), y), scaled));
      const leftOut = tf.equal(y, 0).dataSync();
      expect(leftOut).toContain(1);
      const ofLeftOut = gradient.dataSync().filter((_, i) => leftOut[i] === 1);
      expect(ofLeftOut.every((value) => value === 0)).toBe(true);
    },
  );

  it("the gradient of values of gumbelTopK at a temperature is divided by it", () => {
    const logits = values(2, 4);
    const gradientAt = (temperature: number) =>
      tf.grad((x) => sampler.gumbelTopK(x, 4, { key: key(3), temperature }).values)(logits);
    expectClose(gradientAt(0.25), tf.mul(gradientAt(1), 4));
  });

  it("gumbelTopK has its gradient at every rank that it takes", () => {
    const flat = values(2, 3, 2);
    const cotangent = values(2, 2, 2);
    const valuesOf = (axis: number) => (x: ReturnType<typeof values>) =>
      sampler.gumbelTopK(x, 2, { key: key(3), axis }).values;
    const expected = tf.grad(valuesOf(1))(flat, cotangent);
    const [deep, deepCotangent] = [
      tf.reshape(flat, [1, 2, 3, 1, 2, 1]),
      tf.reshape(cotangent, [1, 2, 2, 1, 2, 1]),
    ];
    const gradient = tf.grad(valuesOf(2))(deep, deepCotangent);
    expect(gradient.shape).toEqual(deep.shape);
    expect(gradient.dataSync()).toEqual(expected.dataSync());
  });

  it("an optimizer learns through hard samples", () => {
    const logits = tf.variable(tf.zeros([1, 4]));
    const wanted = tf.tensor([[0, 0, 1, 0]]);
    const optimizer = tf.train.adam(0.1);
    for (let step = 0; step < 100; step++) {
      optimizer.minimize(() => {
        const y = sampler.gumbelSoftmax(logits, { key: key(step), hard: true, sampleShape: [8] });
        return tf.neg(tf.mean(tf.mul(y, wanted)));
      });
    }
    expect(tf.softmax(logits as ReturnType<typeof tf.zeros>).dataSync()[2]).toBeGreaterThan(0.9);
  });

  it("a second order is refused, with and without hard", () => {
    for (const hard of [false, true]) {
      const first = tf.grad((x) => tf.sum(tf.square(sampler.gumbelSoftmax(x, { key: key(1), hard }))));
      expect(() => tf.grad((x) => tf.sum(first(x)))(values(2, 3))).toThrow(UnsupportedError);
    }
    const score = tf.grad((x) => sampler.logProb(x, tf.tensor([0, 1], [2], "int32")));
    expect(() => tf.grad((x) => tf.sum(score(x)))(values(2, 3))).toThrow(UnsupportedError);
    const vjp = tf.grad((x) => tf.sum(sampler.softmaxVjp(x, values(2, 3))));
    expect(() => vjp(values(2, 3))).toThrow("second-order gradient");
  });

  it("integer logits are taken as float32, and their gradient too", () => {
    const logits = tf.tensor([[1, 2, 3]], [1, 3], "int32");
    const floats = tf.tensor([[1, 2, 3]]);
    const options = { key: key(2) };
    expect(sampler.gumbelSoftmax(logits, options).dataSync()).toEqual(
      sampler.gumbelSoftmax(floats, options).dataSync(),
    );
    expect(sampler.categorical(tf.tensor([[true, false]]), options).dtype).toBe("int32");
  });

  it.each(["int32", "bool"] as const)("every operation takes tensors of dtype %s as float32", (dtype) => {
    const options = { key: key(2) };
    const indices = tf.tensor([1, 2], [2], "int32");
    const results: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
      gumbelSoftmax: (x) => sampler.gumbelSoftmax(x, options),
      gumbelSoftmaxVjp: (x, y) => sampler.gumbelSoftmaxVjp(x, y, options),
      softmaxVjp: (x, y) => sampler.softmaxVjp(x, y),
      gradient: (x, y) => tf.grad((l) => tf.mul(sampler.gumbelSoftmax(l, options), y))(x),
      gumbelTopK: (x) => sampler.gumbelTopK(x, 2, options).values,
      logProb: (x) => sampler.logProb(x, indices),
      entropy: (x) => sampler.entropy(x),
      klDivergence: (x, y) => sampler.klDivergence(x, y),
      relaxedLogProb: (x, y) => sampler.relaxedLogProb(x, y),
      relaxedBernoulli: (x) => sampler.relaxedBernoulli(x, options),
      relaxedBernoulliLogProb: (x, y) => sampler.relaxedBernoulliLogProb(x, y),
      conditionalGumbel: (x) => sampler.conditionalGumbel(x, indices, options),
    };
    const [x, y] = [
      [1, 0, 1, 0, 0, 1],
      [0, 1, 1, 1, 0, 1],
    ].map((data) => tf.tensor(data, [2, 3], dtype));
    for (const [name, result] of Object.entries(results)) {
      const expected = result(tf.tensor(x.arraySync()), tf.tensor(y.arraySync()));
      expect(Array.from(result(x, y).dataSync()), name).toEqual(Array.from(expected.dataSync()));
    }
  });

  it("empty samples have a gradient of zeros", () => {
    const gradient = tf.grad((x) => tf.sum(sampler.gumbelSoftmax(x, { sampleShape: [0] })))(values(2, 3));
    expect(Array.from(gradient.dataSync())).toEqual([0, 0, 0, 0, 0, 0]);
    const none = tf.grad((x) => sampler.gumbelTopK(x, 0, { key: key(1) }).values)(values(2, 3));
    expect(Array.from(none.dataSync())).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
