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
import { NODE_BACKENDS, tf } from "./start-backends.ts";

const sampler = createSampler(tf);
const MASK = Number.NEGATIVE_INFINITY;
const rows = [
  [0.5, -1, 2, 0],
  [1, MASK, 0, -0.5],
];
type Tensor = ReturnType<typeof tf.tensor>;

function expectNear(got: Tensor, expected: ArrayLike<number>, bound = 1e-5): void {
  const data = got.dataSync();
  expect(data.length).toBe(expected.length);
  data.forEach((value, i) => {
    if (Object.is(value, expected[i])) return;
    const size = Math.max(1, Math.abs(expected[i]));
    expect(Math.abs(value - expected[i]) / size, `element ${i}: ${value}`).toBeLessThan(bound);
  });
}

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

  it("logProb of what is no outcome is NaN, and touches no other row", () => {
    const one = (row: number[]) => tf.tensor([rows[0], row]);
    const of = (density: Tensor) =>
      Array.from(density.dataSync(), (value) => (Number.isNaN(value) ? "none" : "some"));
    const [none, some] = [
      ["some", "none"],
      ["some", "some"],
    ];
    const oneHot = new OneHotCategorical(tf, { logits: one([1, 2, 0, 0]) });
    const hot = (row: number[]) => of(oneHot.logProb(tf.tensor([[0, 1, 0, 0], row])));
    expect(hot([0, 0, 0, 1])).toEqual(some);
    for (const row of [
      [0, 0, 0, 0],
      [1, 0, 1, 0],
      [0.9, 0, 0, 0],
      [0, 1, 1e-3, 0],
      [0, 1, -1, 1],
      [0, 2, 0, 0],
      [0, Number.NaN, 0, 0],
    ])
      expect(hot(row), `${row}`).toEqual(none);

    const categorical = new Categorical(tf, { logits });
    const at = (value: number, dtype?: "int32") => of(categorical.logProb(tf.tensor([0, value], [2], dtype)));
    for (const index of [0, 3]) expect(at(index)).toEqual(some);
    for (const index of [0.5, 2.999, -0.5, -1, Number.NaN]) expect(at(index), `${index}`).toEqual(none);
    expect(at(-1, "int32")).toEqual(none);
    for (const index of [4, -2, 2 ** 32, Number.POSITIVE_INFINITY])
      expect(() => at(index)).toThrow(RangeError);

    const toss = new RelaxedBernoulli(tf, { logits: tf.tensor([0.3, -1]), temperature: 0.7 });
    const tossed = (value: number) => of(toss.logProb(tf.tensor([0.5, value])));
    for (const value of [1e-6, 0.999]) expect(tossed(value)).toEqual(some);
    for (const value of [0, 1, -0.1, 1.1, 7, Number.NaN]) expect(tossed(value), `${value}`).toEqual(none);

    for (const temperature of [0.7, tf.scalar(0.7)]) {
      const relaxed = new RelaxedOneHotCategorical(tf, { logits: one([1, 2, 0, 0]), temperature });
      const soft = (row: number[]) => of(relaxed.logProb(tf.tensor([[0.1, 0.2, 0.3, 0.4], row])));
      for (const row of [
        [0.25, 0.25, 0.25, 0.25],
        [1e-30, 1, 1e-20, 1e-10],
      ])
        expect(soft(row), `${row}`).toEqual(some);
      for (const row of [
        [0.1, 0.2, 0.3, 0.5],
        [-0.1, 0.3, 0.4, 0.4],
        [0, 0.5, 0.25, 0.25],
        [1, 2, 3, 4],
        [0.25, Number.NaN, 0.25, 0.25],
      ])
        expect(soft(row), `${row}`).toEqual(none);
    }
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

  it("options and parameters may be inherited, or getters of a class", () => {
    const drawn = { key: key(13), sampleShape: [9] };
    class Drawn {
      get key() {
        return drawn.key;
      }
      get sampleShape() {
        return drawn.sampleShape;
      }
    }
    class Parameters {
      get logits() {
        return logits;
      }
      get temperature() {
        return 0.5;
      }
    }
    const hot = new OneHotCategorical(tf, { logits });
    const relaxed = new RelaxedOneHotCategorical(tf, { logits, temperature: 0.5 });
    for (const options of [Object.create(drawn), new Drawn()]) {
      expectNear(hot.sample(options), hot.sample(drawn).dataSync());
      expectNear(relaxed.rsample(options), relaxed.rsample(drawn).dataSync());
      const ofClass = new RelaxedOneHotCategorical(tf, new Parameters());
      expectNear(ofClass.sample(options), relaxed.sample(drawn).dataSync());
    }
  });

  it.each(["int32", "bool"] as const)("logits and probs of dtype %s are taken as float32", (dtype) => {
    const values = [
      [0, 1, 1],
      [1, 0, 1],
    ];
    const [given, floats] = [tf.tensor(values, [2, 3], dtype), tf.tensor(values)];
    const drawn = { key: key(15) };
    const results: ((x: Tensor) => Tensor)[] = [
      (x) => new Categorical(tf, { logits: x }).probs,
      (x) => new Categorical(tf, { probs: x }).entropy(),
      (x) => new OneHotCategorical(tf, { logits: x }).rsample(drawn),
      (x) => new RelaxedOneHotCategorical(tf, { logits: x, temperature: tf.scalar(0.5) }).rsample(drawn),
      (x) => new RelaxedBernoulli(tf, { logits: x, temperature: 0.5 }).probs,
      (x) => new RelaxedBernoulli(tf, { logits: x, temperature: 0.5 }).mode(),
      (x) => new RelaxedBernoulli(tf, { logits: x, temperature: tf.scalar(0.5) }).rsample(drawn),
      (x) => new RelaxedBernoulli(tf, { probs: x, temperature: 0.5 }).sample(drawn),
    ];
    for (const result of results) expectNear(result(given), result(floats).dataSync());
  });

  it("a parameter that the distribution does not have is refused", () => {
    const given = { logits, temperature: 0.5 };
    expect(() => new Categorical(tf, given)).toThrow("Categorical has no option temperature");
    expect(() => new RelaxedBernoulli(tf, { ...given, tau: 1 } as never)).toThrow(
      "RelaxedBernoulli has no option tau: did you mean temperature?",
    );
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

  it("refuses what is no parameter, temperature or value", () => {
    expect(() => new Categorical(tf, {} as never)).toThrow(/logits.*or.*probs/);
    expect(() => new Categorical(tf, { logits, probs } as never)).toThrow(TypeError);
    expect(() => new RelaxedBernoulli(tf, { logits, temperature: 0 })).toThrow(RangeError);
    expect(() => new RelaxedOneHotCategorical(tf, { logits, temperature: tf.tensor([1, 2, 3]) })).toThrow(
      /one for each row/,
    );
    const relaxed = new RelaxedOneHotCategorical(tf, { logits, temperature: 1 });
    expect(() => kl(relaxed as never, relaxed as never)).toThrow(TypeError);
    expect(() => new Categorical(tf, undefined as never)).toThrow(/got undefined/);
    for (const of of [new Categorical(tf, { logits }), new OneHotCategorical(tf, { logits }), relaxed]) {
      expect(() => of.logProb([0, 1] as never)).toThrow(/value must be a tf.Tensor/);
    }
  });

  it("refuses one-hots of another width, whose 1 would be a category all the same", () => {
    const q = new OneHotCategorical(tf, { logits });
    for (const width of [2, 3, 5]) {
      expect(() => q.logProb(tf.zeros([2, width]))).toThrow(/value must have shape \[...samples, 2,4\]/);
    }
  });

  it("refuses options that a method does not have, whatever the temperature is", () => {
    for (const temperature of [0.5, tf.scalar(0.5)]) {
      const relaxed = new RelaxedOneHotCategorical(tf, { logits, temperature });
      const tosses = new RelaxedBernoulli(tf, { logits, temperature });
      for (const of of [relaxed, tosses]) {
        for (const option of [
          { axis: 0 },
          { temperature: 2 },
          { estimator: "reinmax" },
          { offset: 3 },
          { hrad: true },
        ]) {
          expect(() => of.rsample(option as never)).toThrow(/rsample has no option/);
          expect(() => of.sample(option as never)).toThrow(TypeError);
        }
        expect(() => of.logProb(logits, true as never)).toThrow(TypeError);
        expect(() => of.logProb(logits, { logs: true } as never)).toThrow(/logProb has no option logs/);
        expect(() => of.rsample({ hard: "yes" } as never)).toThrow(/hard must be a boolean/);
        expect(of.rsample(null as never).shape).toEqual([2, 4]);
        expect(of.rsample({ axis: null } as never).shape).toEqual([2, 4]);
      }
      expect(() => relaxed.rsample({ hard: true, log: true })).toThrow(/log must be false with hard/);
      expect(() => tosses.rsample({ hard: true, logit: true })).toThrow(/logit must be false with hard/);
    }
    for (const of of [new Categorical(tf, { logits }), new OneHotCategorical(tf, { logits })]) {
      expect(() => of.sample({ axis: 0 } as never)).toThrow(/sample has no option axis/);
      expect(() => of.sample({ temperature: 0 } as never)).toThrow(/sample has no option temperature/);
      expect(() => of.sample(key(1) as never)).toThrow(
        /sample takes options such as { key, sampleShape }, got \[0, 1\]/,
      );
    }
  });

  it("takes probabilities, values and temperatures of any numeric dtype, and a parameter that is null as left out", () => {
    const weights = tf.tensor([1, 0, 3], [3], "int32");
    const floats = tf.cast(weights, "float32");
    for (const given of [weights, tf.cast(weights, "bool")]) {
      const same = new Categorical(tf, { probs: tf.cast(given, "float32") });
      expectNear(new Categorical(tf, { probs: given }).entropy(), same.entropy().dataSync());
      expectNear(new Categorical(tf, { logits: null, probs: given } as never).probs, same.probs.dataSync());
    }
    const value = tf.tensor([0.2, 0, 0.8]);
    const densityAt = (temperature: number | Tensor) =>
      new RelaxedOneHotCategorical(tf, { probs: floats, temperature }).logProb(value);
    expectNear(densityAt(tf.scalar(2, "int32")), densityAt(2).dataSync());
    const tossesAt = (temperature: number | Tensor) =>
      new RelaxedBernoulli(tf, { logits: weights, temperature }).logProb(tf.tensor([0.2, 0.5, 0.8]));
    expectNear(tossesAt(tf.scalar(2, "int32")), tossesAt(2).dataSync());
  });
});
