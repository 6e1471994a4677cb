// tfjs-core alone, with one backend and without the methods that @tensorflow/tfjs puts on tensors.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { expect, expectTypeOf, it } from "vitest";
import { createSampler as createNamedSampler } from "../src/core.ts";
import { createSampler, key } from "../src/index.ts";

it("@tensorflow/tfjs-core with a backend is enough, gradients and gumbelTopK included", async () => {
  await tf.ready();
  const sampler = createSampler(tf);
  const logits = tf.tensor2d([[1, 2, 3]]);
  const y = sampler.gumbelSoftmax(logits, { key: key(42), temperature: 0.5, hard: true });
  expectTypeOf(y).toEqualTypeOf<tf.Tensor2D>();
  expect(Array.from(y.dataSync()).sort()).toEqual([0, 0, 1]);
  // The cotangent is given, since tfjs-core registers the gradient of no operation, not even of a sum.
  const cotangent = tf.tensor2d([[1, -1, 2]]);
  for (const hard of [false, true]) {
    const options = { key: key(1), hard };
    const gradient = tf.grad((x) => sampler.gumbelSoftmax(x, options))(logits, cotangent);
    const expected = sampler.gumbelSoftmaxVjp(logits, cotangent, options).dataSync();
    gradient.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
  }
  const valuesOf = (x: tf.Tensor) => sampler.gumbelTopK(x, 2, { key: key(1) }).values;
  const gradient = tf.grad(valuesOf)(logits, tf.tensor2d([[7, 5]]));
  expect(Array.from(gradient.dataSync()).sort()).toEqual([0, 5, 7]);
});

it("the entry that imports by name is the same sampler", async () => {
  await tf.ready();
  const logits = tf.tensor2d([[1, 2, 3]]);
  const [named, passed] = [createNamedSampler(), createSampler(tf)];
  const options = { key: key(1), hard: true };
  expect(named.capabilities).toEqual(passed.capabilities);
  const gradients = [named, passed].map((sampler) =>
    tf
      .grad((x) => sampler.gumbelSoftmax(x, options))(logits, tf.tensor2d([[1, -1, 2]]))
      .dataSync(),
  );
  expect(gradients[0]).toEqual(gradients[1]);
});

it("types keep the rank of the logits, and no result is a variable", () => {
  const sampler = createSampler(tf);
  const logits = tf.tensor2d([[1, 2, 3]]);
  expectTypeOf(sampler.softmax(logits)).toEqualTypeOf<tf.Tensor2D>();
  expectTypeOf(sampler.gumbelTopK(logits, 2).indices).toEqualTypeOf<tf.Tensor2D>();
  expectTypeOf(sampler.gumbelSoftmax(logits, { sampleShape: [4] })).toEqualTypeOf<tf.Tensor>();
  expectTypeOf(sampler.gumbelSoftmax(tf.variable(logits))).toEqualTypeOf<tf.Tensor>();
  expectTypeOf(sampler.categorical(logits)).toEqualTypeOf<tf.Tensor>();
});
