// A factor of a gradient times the cotangent.
import type { TfCore, TfTensor } from "./tensorflow.ts";

/** `factor·cotangent`, of the factor's shape, and 0 where the factor is: what takes no part has no gradient, also of an infinite cotangent. */
export function weighted(tf: TfCore, factor: TfTensor, cotangent: TfTensor): TfTensor {
  return tf.where(tf.equal(factor, 0), tf.zeros(factor.shape), tf.mul(factor, cotangent));
}
