// TensorFlow.js on its webgpu backend.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { tfjsTarget } from "@gumbel/tfjs/conformance";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";

/** Its target. */
export async function load(): Promise<ConformanceTarget<tf.Tensor>> {
  return tfjsTarget(tf, "webgpu");
}
