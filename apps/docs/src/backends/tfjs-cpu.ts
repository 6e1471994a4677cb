// TensorFlow.js on its cpu backend.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { tfjsTarget } from "@gumbel/tfjs/conformance";
import * as tf from "@tensorflow/tfjs";

/** Its target. */
export async function load(): Promise<ConformanceTarget<tf.Tensor>> {
  return tfjsTarget(tf, "cpu");
}
