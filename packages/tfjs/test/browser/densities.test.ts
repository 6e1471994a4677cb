// Gradients of densities and the distributions on a GPU are those on the CPU, where finite differences certify them.
import { relaxedLogProb } from "@gumbel/core";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Categorical,
  createSampler,
  key,
  kl,
  OneHotCategorical,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
} from "../../src/index.ts";
import { tf } from "./start-backends.ts";

type Tensor = ReturnType<typeof tf.tensor>;

const sampler = createSampler(tf);
const ROWS = [0.5, -1, 2, Number.NEGATIVE_INFINITY, 1, 0, -3, 0.25];
const OTHERS = [0, 1, -1, 0.5, 2, -2, 0, 1];
const LOGS = [-0.7, -2, -1, Number.NEGATIVE_INFINITY, -3, -1.5, -0.5, -1.2];

const tensor = (values: number[]) => tf.tensor(values, [2, 4]);
const weighted = (x: Tensor) =>
  tf.sum(
    tf.mul(
      x,
      tf.tensor(
        Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)),
        x.shape,
      ),
    ),
  );

/** Scalars of two tensors, whose gradients are compared. */
const LOSSES: Readonly<Record<string, readonly [loss: (a: Tensor, b: Tensor) => Tensor, b: number[]]>> = {
  entropy: [(a, b) => tf.add(weighted(sampler.entropy(a)), tf.sum(b)), OTHERS],
  klDivergence: [(a, b) => weighted(sampler.klDivergence(a, b)), OTHERS],
  relaxedLogProb: [(a, b) => weighted(sampler.relaxedLogProb(a, b, { temperature: 0.5 })), LOGS],
  relaxedBernoulli: [
    (a, b) => weighted(sampler.relaxedBernoulli(b, { key: key(1), temperature: 0.5 })).add(tf.sum(tf.exp(a))),
    OTHERS,
  ],
  relaxedBernoulliLogProb: [
    (a, b) => weighted(sampler.relaxedBernoulliLogProb(b, tf.exp(a), { temperature: 0.5 })),
    OTHERS,
  ],
  "kl of distributions": [
    (a, b) =>
      weighted(kl(new Categorical<Tensor>(tf, { logits: a }), new Categorical<Tensor>(tf, { logits: b }))),
    OTHERS,
  ],
  "a learnt temperature": [
    (a, b) => {
      const temperature = tf.exp(tf.mean(b, 1));
      const q = new RelaxedOneHotCategorical<Tensor>(tf, { logits: a, temperature });
      const log = q.logProb(q.rsample({ key: key(2), log: true }), { log: true });
      return tf.add(weighted(q.rsample({ key: key(2) })), weighted(log));
    },
    OTHERS,
  ],
  "a toss's learnt temperature": [
    (a, b) => {
      const q = new RelaxedBernoulli<Tensor>(tf, { logits: b, temperature: tf.exp(tf.mean(b)) });
      return tf.add(weighted(q.rsample({ key: key(3) })), tf.sum(tf.exp(a)));
    },
    OTHERS,
  ],
};

async function gradientsOn(backend: string): Promise<Map<string, number[]>> {
  await tf.setBackend(backend);
  await tf.ready();
  expect(tf.getBackend()).toBe(backend);
  const gradients = new Map<string, number[]>();
  for (const [name, [loss, other]] of Object.entries(LOSSES)) {
    const [a, b] = [tensor(ROWS), tensor(other)];
    const before = tf.memory().numTensors;
    const made = tf.grads(loss)([a, b]);
    expect(tf.memory().numTensors, name).toBe(before + 2);
    // Not dataSync, which webgpu has for what a canvas can hold.
    const values = await Promise.all(made.map((gradient) => gradient.data()));
    gradients.set(
      name,
      values.flatMap((each) => Array.from(each)),
    );
    tf.dispose([a, b, ...made]);
  }
  return gradients;
}

describe.each(["webgl", "webgpu"])("on %s", (backend) => {
  let expected: Map<string, number[]>;
  let got: Map<string, number[]>;
  beforeAll(async () => {
    expected = await gradientsOn("cpu");
    got = await gradientsOn(backend);
  });

  it("a density sums 70,001 terms of one sign as right as few", async () => {
    const shape = [1, 70_001];
    const dataOf = (phase: number) => Float32Array.from({ length: shape[1] }, (_, i) => Math.sin(phase * i));
    const [logits, logs] = [dataOf(1), dataOf(0.7).map((x) => x - 11)];
    const got = await sampler.relaxedLogProb(tf.tensor(logits, shape), tf.tensor(logs, shape)).data();
    const [expected] = relaxedLogProb({ data: logits, shape }, { data: logs, shape }).data;
    // Of the sum of the terms' sizes, 12 each.
    expect(Math.abs(got[0] - expected)).toBeLessThan(2 ** -20 * 12 * shape[1]);
  });

  it("logProb of what is no outcome is NaN, and touches no other row", async () => {
    await tf.setBackend(backend);
    const logits = tensor(ROWS);
    const soft = [0.25, 0.25, 0.5, 0, 0.2, 0.2, 0.2, 0.4];
    const densities = {
      index: new Categorical<Tensor>(tf, { logits }).logProb(tf.tensor([2, 0.5])),
      "index out of range": new Categorical<Tensor>(tf, { logits }).logProb(tf.tensor([2, 2 ** 32])),
      "no hot": new OneHotCategorical<Tensor>(tf, { logits }).logProb(tensor([0, 0, 1, 0, 0, 0, 0, 0])),
      "two hot": new OneHotCategorical<Tensor>(tf, { logits }).logProb(tensor([0, 0, 1, 0, 0, 1, 1, 0])),
      scaled: new OneHotCategorical<Tensor>(tf, { logits }).logProb(tensor([0, 0, 1, 0, 0, 0, 0.5, 0])),
      sum: new RelaxedOneHotCategorical<Tensor>(tf, { logits, temperature: 1 }).logProb(
        tensor([...soft.slice(0, 4), 0.2, 0.2, 0.2, 0.3]),
      ),
      negative: new RelaxedOneHotCategorical<Tensor>(tf, { logits, temperature: tf.scalar(1) }).logProb(
        tensor([...soft.slice(0, 4), -0.2, 0.2, 0.2, 0.8]),
      ),
      ...Object.fromEntries(
        [0, 1, -0.5, 1.5].map((y) => [
          `toss ${y}`,
          new RelaxedBernoulli<Tensor>(tf, { logits: tf.tensor([0.3, -1]), temperature: 0.7 }).logProb(
            tf.tensor([0.5, y]),
          ),
        ]),
      ),
    };
    for (const [name, density] of Object.entries(densities)) {
      const [first, second] = await (density as Tensor).data();
      expect(first, name).not.toBeNaN();
      expect(second, name).toBeNaN();
    }
    const right = new RelaxedOneHotCategorical<Tensor>(tf, { logits, temperature: 1 }).logProb(tensor(soft));
    expect((await right.data()).every(Number.isFinite)).toBe(true);
  });

  it.each(Object.keys(LOSSES))("the gradient of %s is that on the CPU", (name) => {
    const wanted = expected.get(name)!;
    expect(wanted.some((value) => Math.abs(value) > 0.01)).toBe(true);
    got.get(name)!.forEach((value, i) => {
      expect(Math.abs(value - wanted[i]), `element ${i}: ${value}, ${wanted[i]}`).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(wanted[i])),
      );
    });
  });
});
