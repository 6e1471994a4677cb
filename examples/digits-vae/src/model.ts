// The variational autoencoder: image → logits of categorical codes → image.
import { foldIn, type Key } from "@gumbel/core";
import * as tf from "@tensorflow/tfjs";
import { PIXELS } from "./data.ts";
import { createDense, type Dense, dense, denseOfData } from "./layers.ts";

/** Size of the model. */
export interface ModelShape {
  /** Categorical variables of a code. */
  readonly variables: number;
  /** Categories of each variable. */
  readonly categories: number;
  /** Width of the hidden layers, from the image inwards; the decoder mirrors them. */
  readonly hidden: readonly number[];
}

/** A model with its weights. Tensors are made and disposed as by any TensorFlow.js operation. */
export interface Model {
  readonly shape: ModelShape;
  /** All weights, in a fixed order. */
  readonly weights: readonly tf.Variable[];
  /** Logits of the posterior over codes, [batch, variables, categories], of images [batch, pixels]. */
  encode(images: tf.Tensor2D): tf.Tensor3D;
  /** Logits of the pixels, [batch, pixels], of codes [batch, variables, categories], hard or relaxed. */
  decode(codes: tf.Tensor3D): tf.Tensor2D;
  dispose(): void;
}

/** Creates a model with weights drawn from a key. */
export function createModel(shape: ModelShape, key: Key): Model {
  const { variables, categories, hidden } = shape;
  const code = variables * categories;
  const encoder = createStack([PIXELS, ...hidden, code], foldIn(key, 0));
  const decoder = createStack([code, ...[...hidden].reverse(), PIXELS], foldIn(key, 1));
  const weights = [...encoder, ...decoder].flatMap((layer) => [layer.weights, layer.bias]);
  return {
    shape,
    weights,
    encode(images) {
      const [first, ...others] = encoder;
      let x = denseOfData(images, first);
      for (const layer of others) x = dense(tf.relu(x), layer);
      return tf.reshape(x, [-1, variables, categories]);
    },
    decode(codes) {
      const [first, ...others] = decoder;
      let x = dense(tf.reshape(codes, [-1, code]), first);
      for (const layer of others) x = dense(tf.relu(x), layer);
      return x;
    },
    dispose: () => tf.dispose(weights as tf.Variable[]),
  };
}

function createStack(widths: readonly number[], key: Key): Dense[] {
  return widths.slice(1).map((outputs, i) => createDense(widths[i], outputs, foldIn(key, i)));
}
