// Dense layers whose gradients are fast on the wasm backend, which multiplies transposed matrices ten times as slowly
// as plain ones: transposing first is the same product.
import { foldIn, type Key, uniform } from "@gumbel/core";
import * as tf from "@tensorflow/tfjs";

/** `x·W + b` over the last dimension of a matrix. */
export interface Dense {
  readonly weights: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
}

/** Creates a layer with Glorot-uniform weights (Glorot and Bengio 2010) drawn from a key, and no bias. */
export function createDense(inputs: number, outputs: number, key: Key): Dense {
  const reach = Math.sqrt(6 / (inputs + outputs));
  const { data } = uniform([inputs, outputs], { key: foldIn(key, 0) });
  const weights = tf.tensor2d(
    data.map((u) => (2 * u - 1) * reach),
    [inputs, outputs],
  );
  const bias = tf.zeros<tf.Rank.R1>([outputs]);
  const layer = { weights: tf.variable(weights), bias: tf.variable(bias) };
  weights.dispose();
  bias.dispose();
  return layer;
}

/** Applies a layer to a matrix of one row an example. */
export function dense(x: tf.Tensor2D, { weights, bias }: Dense): tf.Tensor2D {
  return tf.add(matMul(x, weights), bias);
}

/** The same for data, which need no gradient. */
export function denseOfData(x: tf.Tensor2D, { weights, bias }: Dense): tf.Tensor2D {
  const product = tf.customGrad((w) => ({
    value: tf.matMul(x, w as tf.Tensor2D),
    gradFunc: (g: tf.Tensor) => tf.matMul(tf.transpose(x), g as tf.Tensor2D),
  }));
  return tf.add(product(weights) as tf.Tensor2D, bias);
}

const matMul = tf.customGrad((a, b, save) => {
  (save as tf.GradSaveFunc)([a as tf.Tensor2D, b as tf.Tensor2D]);
  return {
    value: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
    gradFunc: (g: tf.Tensor, saved: tf.Tensor[]) => {
      const [left, right] = saved as tf.Tensor2D[];
      const cotangent = g as tf.Tensor2D;
      return [tf.matMul(cotangent, tf.transpose(right)), tf.matMul(tf.transpose(left), cotangent)];
    },
  };
}) as (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D;
