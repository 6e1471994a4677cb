// What distributions and their methods take, and what they refuse.
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
