// TensorFlow.js on its wasm backend, with the binaries that this site serves.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import { tfjsTarget } from "@gumbel/tfjs/conformance";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import wasm from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";

/** Its target. */
export async function load(): Promise<ConformanceTarget<tf.Tensor>> {
  setWasmPaths({
    "tfjs-backend-wasm.wasm": wasm,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": threaded,
  });
  return tfjsTarget(tf, "wasm");
}
