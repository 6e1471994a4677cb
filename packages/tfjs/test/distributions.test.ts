// Distributions are the sampler's operations under the names of torch.distributions; temperatures may be learnt.
import * as reference from "@gumbel/core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Categorical,
  createSampler,
  key,
  kl,
  OneHotCategorical,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
} from "../src/index.ts";
import { expectNear } from "./expect-near.ts";
import { NODE_BACKENDS, tf } from "./start-backends.ts";

const sampler = createSampler(tf);
const MASK = Number.NEGATIVE_INFINITY;
const rows = [
  [0.5, -1, 2, 0],
  [1, MASK, 0, -0.5],
];
type Tensor = ReturnType<typeof tf.tensor>;

describe.each(NODE_BACKENDS)("on %s", (backend) => {
  let logits: Tensor;
  let probs: Tensor;
  beforeAll(async () => {
    await tf.setBackend(backend);
    logits = tf.tensor(rows);
    probs = sampler.softmax(logits);
  });

  it("logits and probs are the same distribution, masks included", () => {
    const [a, b] = [new Categorical(tf, { logits }), new Categorical(tf, { probs })];
    expectNear(b.entropy(), a.entropy().dataSync());
    expectNear(b.probs, a.probs.dataSync());
    expectNear(kl(a, b), [0, 0]);
    expect(b.sample({ key: key(1) }).dataSync()).toEqual(
      sampler.categorical(logits, { key: key(1) }).dataSync(),
    );
    expect(Array.from(a.mode().dataSync())).toEqual([2, 0]);
    const gradient = tf
      .grad((p) => tf.sum(new Categorical(tf, { probs: p }).entropy()))(probs)
      .dataSync();
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it("logProb takes values with sample dimensions", () => {
    const q = new Categorical(tf, { logits });
    const drawn = q.sample({ key: key(2), sampleShape: [3] });
    expect(drawn.shape).toEqual([3, 2]);
    const log = q.logProb(drawn);
    const all = sampler.softmax(logits, { log: true }).arraySync() as number[][];
    const indices = drawn.arraySync() as number[][];
    expectNear(
      log,
      indices.flat().map((index, i) => all[i % 2][index]),
    );
    expect(() => q.logProb(tf.tensor([0, 1, 2], [3], "int32"))).toThrow(RangeError);
  });

  it("one-hots are the categories, straight-through with rsample", () => {
    const q = new OneHotCategorical(tf, { logits });
    const options = { key: key(3), sampleShape: [5] };
    const hot = q.sample(options);
    expectNear(tf.argMax(hot, -1), new Categorical(tf, { logits }).sample(options).dataSync());
    expectNear(q.rsample(options), hot.dataSync(), 0.5);
    expectNear(q.logProb(hot), new Categorical(tf, { logits }).logProb(tf.argMax(hot, -1)).dataSync());
    expectNear(q.mean(), probs.dataSync());
    expectNear(q.mode(), [0, 0, 1, 0, 1, 0, 0, 0]);
    const weights = tf.tensor(
      Array.from({ length: 40 }, (_, i) => Math.sin(i)),
      [5, 2, 4],
    );
    const gradientOf = (draw: (x: Tensor) => Tensor) =>
      tf.grad((x) => tf.sum(tf.mul(draw(x), weights)))(logits);
    const got = gradientOf((x) =>
      new OneHotCategorical(tf, { logits: x }).rsample({ ...options, temperature: 0.5 }),
    );
    const soft = gradientOf((x) => sampler.gumbelSoftmax(x, { ...options, temperature: 0.5 }));
    expectNear(got, soft.dataSync());
    const ofSample = gradientOf((x) => new OneHotCategorical(tf, { logits: x }).sample(options));
    expectNear(ofSample, new Array(8).fill(0));
  });

  it.each([{}, { log: true }, { hard: true }])(
    "a tensor is a temperature as a number is: relaxed one-hots, %o",
    (option) => {
      const options = { key: key(4), sampleShape: [2], ...option };
      const byNumber = new RelaxedOneHotCategorical(tf, { logits, temperature: 0.3 });
      for (const temperature of [tf.scalar(0.3), tf.variable(tf.scalar(0.3)), tf.tensor([0.3, 0.3])]) {
        const byTensor = new RelaxedOneHotCategorical(tf, { logits, temperature: temperature as Tensor });
        expectNear(byTensor.rsample(options), byNumber.rsample(options).dataSync(), 1e-4);
        const sample = byNumber.rsample({ key: key(5), log: true });
        expectNear(
          byTensor.logProb(sample, { log: true }),
          byNumber.logProb(sample, { log: true }).dataSync(),
        );
        expectNear(byTensor.logProb(tf.exp(sample)), byNumber.logProb(tf.exp(sample)).dataSync(), 1e-4);
      }
    },
  );

  it.each([{}, { logit: true }, { hard: true }])(
    "a tensor is a temperature as a number is: tosses, %o",
    (option) => {
      const odds = tf.tensor([0.5, -3, 2]);
      const options = { key: key(6), sampleShape: [2], ...option };
      const byNumber = new RelaxedBernoulli(tf, { logits: odds, temperature: 0.3 });
      for (const temperature of [tf.scalar(0.3), tf.tensor([0.3, 0.3, 0.3])]) {
        const byTensor = new RelaxedBernoulli(tf, { logits: odds, temperature });
        expectNear(byTensor.rsample(options), byNumber.rsample(options).dataSync(), 1e-4);
        const sample = byNumber.rsample({ key: key(7), logit: true });
        expectNear(
          byTensor.logProb(sample, { logit: true }),
          byNumber.logProb(sample, { logit: true }).dataSync(),
        );
        const y = tf.sigmoid(sample);
        expectNear(byTensor.logProb(y), byNumber.logProb(y).dataSync(), 1e-3);
      }
      const byProbs = new RelaxedBernoulli(tf, { probs: tf.sigmoid(odds), temperature: 0.3 });
      expectNear(
        byProbs.rsample({ ...options, hard: false, logit: false }),
        new RelaxedBernoulli(tf, { logits: odds, temperature: 0.3 })
          .rsample({ ...options, hard: false, logit: false })
          .dataSync(),
        1e-4,
      );
    },
  );

  it("the gradient of a temperature is the finite difference, masks notwithstanding, row by row", () => {
    const taus = [0.4, 1.5];
    const weights = Array.from({ length: 8 }, (_, i) => Math.sin(3 * i + 1));
    const drawn = key(8);
    const array = { data: rows.flat(), shape: [2, 4] };
    const sampleAt = (temperature: number) =>
      reference.gumbelSoftmax(array, { key: drawn, temperature }).data;
    const fixed = reference.gumbelSoftmax(array, { key: key(9), log: true, temperature: 0.7 });
    const densityAt = (temperature: number) => reference.relaxedLogProb(array, fixed, { temperature }).data;
    const [ofSample, ofDensity] = [
      (tau: Tensor) => {
        const q = new RelaxedOneHotCategorical(tf, { logits, temperature: tau });
        return tf.sum(tf.mul(q.rsample({ key: drawn }), tf.tensor(weights, [2, 4])));
      },
      (tau: Tensor) => {
        const q = new RelaxedOneHotCategorical(tf, { logits, temperature: tau });
        return tf.sum(q.logProb(tf.tensor(Array.from(fixed.data), [2, 4]), { log: true }));
      },
    ].map((loss) => tf.grad(loss)(tf.tensor(taus)).dataSync());
    taus.forEach((tau, row) => {
      const lossOf = (t: number) =>
        sampleAt(t).reduce((sum, y, i) => sum + (Math.floor(i / 4) === row ? y * weights[i] : 0), 0);
      const difference = (of: (t: number) => number) => (of(tau + 1e-4) - of(tau - 1e-4)) / 2e-4;
      expect(ofSample[row]).toBeCloseTo(difference(lossOf), 3);
      expect(ofDensity[row]).toBeCloseTo(
        difference((t) => densityAt(t)[row]),
        3,
      );
    });
  });

  it("the gradient of a toss's temperature is the finite difference", () => {
    const array = { data: [0.5, -3, 2], shape: [3] };
    const at = (temperature: number) =>
      reference.relaxedBernoulli(array, { key: key(10), temperature }).data.reduce((sum, y) => sum + y, 0);
    const expected = (at(0.5 + 1e-4) - at(0.5 - 1e-4)) / 2e-4;
    for (const hard of [false, true]) {
      const gradient = tf.grad((tau) => {
        const q = new RelaxedBernoulli(tf, { logits: tf.tensor(array.data), temperature: tau });
        return tf.sum(q.rsample({ key: key(10), hard }));
      })(tf.scalar(0.5));
      expectNear(gradient, [expected], 1e-3);
    }
  });

  it.each([{}, { logit: true }, { hard: true }])(
    "a certain toss has no gradient, nor has its temperature, %o",
    (option) => {
      const odds = tf.tensor([0.5, Number.POSITIVE_INFINITY, MASK]);
      const options = { key: key(11), ...option };
      const expected = tf
        .grad((l) => tf.sum(sampler.relaxedBernoulli(l, { ...options, temperature: 0.5 })))(odds)
        .dataSync();
      expect(Array.from(expected.slice(1))).toEqual([0, 0]);
      const [ofLogits, ofTau] = tf.grads((l, temperature) =>
        tf.sum(new RelaxedBernoulli(tf, { logits: l, temperature }).rsample(options)),
      )([odds, tf.scalar(0.5)]);
      expectNear(ofLogits, expected, 1e-4);
      expect(ofTau.dataSync()[0]).not.toBeNaN();
      const ofProbs = tf.grad((probs) =>
        tf.sum(new RelaxedBernoulli(tf, { probs, temperature: tf.scalar(0.5) }).rsample(options)),
      )(tf.tensor([0.5, 1, 0]));
      expect(Array.from(ofProbs.dataSync().slice(1))).toEqual([0, 0]);
    },
  );

  it("a toss whose logit is NaN is NaN, hard and at a tensor's temperature too", () => {
    const q = new RelaxedBernoulli(tf, { logits: tf.tensor([Number.NaN, 1e9]), temperature: tf.scalar(1) });
    for (const each of [q.rsample(), q.rsample({ hard: true }), q.mode()]) {
      expect(Array.from(each.dataSync())).toEqual([Number.NaN, 1]);
    }
  });

  it("a distribution of rank 7 is that of its rows, samples, densities and gradients", () => {
    const [shape, batch] = [
      [2, 1, 2, 1, 2, 1, 4],
      [2, 1, 2, 1, 2, 1],
    ];
    const flat = tf.tensor(
      Array.from({ length: 32 }, (_, i) => Math.sin(5 * i) + 1.5),
      [8, 4],
    );
    const taus = tf.tensor(Array.from({ length: 8 }, (_, i) => 0.5 + i / 8));
    const each = tf.tensor(
      Array.from({ length: 32 }, (_, i) => 0.5 + i / 32),
      [8, 4],
    );
    const options = { key: key(12), sampleShape: [3] };
    // Fixed values: TensorFlow.js itself adds gradients of a tensor that is used twice, wrongly in so many dimensions.
    const soft = sampler.gumbelSoftmax(flat, options);
    const valueFor = (values: Tensor, x: Tensor) => values.reshape([3, ...x.shape]);
    const hot = sampler.gumbelSoftmax(flat, { ...options, hard: true });
    const indices = sampler.categorical(flat, options);
    type Make = (x: Tensor, tau: Tensor, perElement: Tensor) => Tensor;
    const results: Make[] = [
      (logits, tau) => new Categorical(tf, { logits }).logProb(valueFor(indices, tau)),
      (logits) => new OneHotCategorical(tf, { logits }).logProb(valueFor(hot, logits)),
      (probs) => new Categorical(tf, { probs }).entropy(),
      (probs) => kl(new Categorical(tf, { probs }), new Categorical(tf, { logits: tf.zeros(probs.shape) })),
      (logits, temperature) => new RelaxedOneHotCategorical(tf, { logits, temperature }).rsample(options),
      (probs, temperature) =>
        new RelaxedOneHotCategorical(tf, { probs, temperature }).logProb(valueFor(soft, probs)),
      (probs) =>
        new RelaxedOneHotCategorical(tf, { probs, temperature: 0.7 }).logProb(valueFor(tf.log(soft), probs), {
          log: true,
        }),
      (logits, _, temperature) => new RelaxedBernoulli(tf, { logits, temperature }).rsample(options),
      (logits, _, temperature) =>
        new RelaxedBernoulli(tf, { logits, temperature }).rsample({ ...options, hard: true }),
      (logits, _, temperature) =>
        new RelaxedBernoulli(tf, { logits, temperature }).logProb(valueFor(soft, logits), { logit: true }),
      (logits) => new RelaxedBernoulli(tf, { logits, temperature: 0.7 }).logProb(valueFor(soft, logits)),
      (logits) => tf.cast(new RelaxedBernoulli(tf, { logits, temperature: 1 }).mode(), "float32"),
    ];
    const deep = [flat.reshape(shape), taus.reshape(batch), each.reshape(shape)] as const;
    results.forEach((result, i) => {
      const [got, expected] = [result(...deep), result(flat, taus, each)];
      expect(got.shape.length, `result ${i}`).toBeGreaterThan(5);
      expectNear(got, expected.dataSync());
      // In one dimension: the gradient of tf.sum is one of those that are wrong in more.
      const weighted = (y: Tensor) => tf.sum(tf.mul(tf.reshape(y, [y.size]), tf.range(0, y.size)));
      const [deepGradient, gradient] = [deep, [flat, taus, each] as const].map(([x, tau, perElement]) =>
        tf.grad((l) => weighted(result(l, tau, perElement)))(x as Tensor),
      );
      expectNear(deepGradient, gradient.dataSync(), 1e-4);
    });
  });

  it("no samples, and no rows, have the gradient 0", () => {
    const empty = { key: key(14), sampleShape: [0] };
    const tau = tf.scalar(0.5);
    for (const l of [logits, tf.zeros([0, 4])] as Tensor[]) {
      const losses: ((x: Tensor, temperature: Tensor) => Tensor)[] = [
        (x) => new Categorical(tf, { logits: x }).logProb(new Categorical(tf, { logits: l }).sample(empty)),
        (x) =>
          new OneHotCategorical(tf, { logits: x }).logProb(
            new OneHotCategorical(tf, { logits: l }).sample(empty),
          ),
        (x, temperature) => new RelaxedOneHotCategorical(tf, { logits: x, temperature }).rsample(empty),
        (x, temperature) =>
          new RelaxedOneHotCategorical(tf, { logits: x, temperature }).logProb(tf.zeros([0, ...x.shape])),
        (x, temperature) => new RelaxedBernoulli(tf, { logits: x, temperature }).rsample(empty),
        (x, temperature) =>
          new RelaxedBernoulli(tf, { logits: x, temperature }).logProb(tf.zeros([0, ...x.shape])),
      ];
      losses.forEach((loss, i) => {
        const gradient = tf.grads((x, t) => tf.add(tf.sum(loss(x, t)), tf.mul(t, 0)))([l, tau]);
        expect(
          gradient[0].dataSync().every((value) => value === 0),
          `loss ${i}`,
        ).toBe(true);
        // That of a temperature is a sum of TensorFlow.js, which over nothing is not 0 on wasm.
        if (backend === "cpu") expect(gradient[1].dataSync()[0] + 0).toBe(0);
      });
    }
  });

  it("an optimizer trains logits and temperature together", () => {
    const [weights, logTau] = [tf.variable(tf.zeros([1, 3])), tf.variable(tf.scalar(0))];
    const optimizer = tf.train.adam(0.1);
    const before = tf.memory().numTensors;
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) {
      const loss = tf.tidy(
        () =>
          optimizer.minimize(
            () => {
              const q = new RelaxedOneHotCategorical<Tensor>(tf, {
                logits: weights,
                temperature: tf.exp(logTau),
              });
              const y = q.rsample({ key: key(step), sampleShape: [16] });
              return tf.mean(tf.sum(tf.square(tf.sub(y, tf.tensor([0, 1, 0]))), -1)) as never;
            },
            true,
            [weights, logTau],
          )!,
      );
      losses.push(loss.dataSync()[0]);
      loss.dispose();
      // Adam makes its moments at the first step.
      if (step === 0) expect(tf.memory().numTensors).toBeGreaterThan(before);
    }
    expect(losses.at(-1)).toBeLessThan(losses[0] / 2);
    expect(logTau.dataSync()[0]).not.toBe(0);
  });

  it("methods leave nothing alive but their result, in tf.tidy and outside", () => {
    const tau = tf.tensor([0.5, 1]);
    const before = tf.memory().numTensors;
    const all = () => {
      const c = new Categorical(tf, { probs });
      const o = new OneHotCategorical(tf, { logits });
      const r = new RelaxedOneHotCategorical(tf, { probs, temperature: tau });
      const b = new RelaxedBernoulli(tf, { probs, temperature: tf.scalar(2) });
      const drawn = c.sample({ key: key(11) });
      const logs = r.rsample({ key: key(11), log: true });
      const logit = b.sample({ key: key(11), logit: true });
      return [
        drawn,
        logs,
        logit,
        c.logits,
        c.logProb(drawn),
        c.entropy(),
        c.mode(),
        o.sample(),
        o.rsample(),
        o.mean(),
        r.sample(),
        r.logProb(logs, { log: true }),
        r.mode(),
        b.rsample({ hard: true }),
        b.logProb(logit, { logit: true }),
        b.mode(),
        kl(c, o),
      ];
    };
    tf.tidy(() => void all());
    expect(tf.memory().numTensors).toBe(before);
    const results = all();
    // The scalar temperature is the caller's.
    expect(tf.memory().numTensors - before).toBe(results.length + 1);
    tf.dispose(results);
  });
});
