// The dense layers against TensorFlow.js's own product and gradients.
import { key } from "@gumbel/core";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { createDense, dense, denseOfData } from "../src/layers.ts";
import { startBackend } from "../src/start-backend.ts";

beforeAll(() => startBackend("wasm"));

it("dense has the value and the gradients of tf.matMul", () => {
  const layer = createDense(5, 3, key(1));
  const x = tf.tensor2d(
    Array.from({ length: 20 }, (_, i) => Math.sin(i)),
    [4, 5],
  );
  const objective = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.sin(y))) as tf.Scalar;
  const plain = (input: tf.Tensor2D) => tf.add(tf.matMul(input, layer.weights), layer.bias);
  const expected = tf.variableGrads(() => objective(plain(x)));
  for (const apply of [dense, denseOfData]) {
    const got = tf.variableGrads(() => objective(apply(x, layer)));
    expect(got.value.dataSync()[0]).toBeCloseTo(expected.value.dataSync()[0], 5);
    for (const { name } of [layer.weights, layer.bias]) {
      expect(Array.from(got.grads[name].dataSync())).toEqual(
        Array.from(expected.grads[name].dataSync(), (value) => expect.closeTo(value, 5)),
      );
    }
  }
  const [gotX, expectedX] = [(input: tf.Tensor2D) => dense(input, layer), plain].map((apply) =>
    Array.from(
      tf
        .grad((input) => objective(apply(input as tf.Tensor2D)))(x)
        .dataSync(),
    ),
  );
  expect(gotX).toEqual(expectedX.map((value) => expect.closeTo(value, 5)));
});

it("weights start within Glorot's reach, spread over it, the same for the same key", () => {
  const { weights, bias } = createDense(100, 50, key(2));
  const values = weights.dataSync();
  const reach = Math.sqrt(6 / 150);
  expect(Math.max(...values)).toBeLessThanOrEqual(reach);
  expect(Math.max(...values)).toBeGreaterThan(0.99 * reach);
  expect(Math.min(...values)).toBeLessThan(-0.99 * reach);
  expect(bias.dataSync().every((value) => value === 0)).toBe(true);
  expect(createDense(100, 50, key(2)).weights.dataSync()).toEqual(values);
});
