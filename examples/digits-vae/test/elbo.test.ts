// The bound's two terms against the definitions in float64.
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, it } from "vitest";
import { klFromUniform, logLikelihood } from "../src/elbo.ts";
import { startBackend } from "../src/start-backend.ts";

beforeAll(() => startBackend("cpu"));

it("logLikelihood is Σ log Bernoulli(x; σ(l)), also where σ saturates", () => {
  const x = [1, 0, 1, 0, 1, 0];
  const l = [0.3, 0.3, -2, 4, 40, -50];
  const sigma = (value: number) => 1 / (1 + Math.exp(-value));
  const expected = x.reduce((sum, pixel, i) => sum + Math.log(pixel === 1 ? sigma(l[i]) : sigma(-l[i])), 0);
  const [got] = logLikelihood(tf.tensor2d(x, [1, 6]), tf.tensor2d(l, [1, 6])).dataSync();
  expect(got).toBeCloseTo(expected, 4);
});

it("klFromUniform is Σ q·log(q·categories) over the variables", () => {
  const logits = [
    [1, 2, 3],
    [0, 0, 0],
  ];
  const expected = logits.reduce((sum, row) => {
    const total = row.reduce((a, value) => a + Math.exp(value), 0);
    return (
      sum +
      row.reduce((a, value) => a + (Math.exp(value) / total) * Math.log((3 * Math.exp(value)) / total), 0)
    );
  }, 0);
  const [got] = klFromUniform(tf.tensor3d([logits])).dataSync();
  expect(got).toBeCloseTo(expected, 5);
  const [certain] = klFromUniform(tf.tensor3d([[[0, 200, 0, 0]]])).dataSync();
  expect(certain).toBeCloseTo(Math.log(4), 5);
});
