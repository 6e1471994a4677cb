// TensorFlow.js on its webgl backend, in a worker too: it draws into an OffscreenCanvas.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { tfjsTarget } from "@gumbel/tfjs/conformance";
import * as tf from "@tensorflow/tfjs";

/** Its target. */
export async function load(): Promise<ConformanceTarget<tf.Tensor>> {
  return tfjsTarget(tf, "webgl");
}
