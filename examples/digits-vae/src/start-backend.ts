// TensorFlow.js in Node: its JavaScript backend, its WebAssembly one and, where there is a GPU, its WebGPU one.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Backends that run in Node without anything native. */
export const BACKENDS = ["wasm", "cpu"] as const;

export type Backend = (typeof BACKENDS)[number];

/** Makes a backend the current one. Throws when it does not start. */
export async function startBackend(backend: Backend): Promise<void> {
  // Otherwise TensorFlow.js prints an advertisement for its native binding.
  tf.enableProdMode();
  // By default the package looks for its .wasm files beside the program.
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(dirname(entry) + sep);
  if (!(await tf.setBackend(backend)))
    throw new Error(`the TensorFlow.js backend ${backend} does not start here`);
  await tf.ready();
}

/** Makes the webgpu backend the current one; `openGpu` has found a GPU. */
export async function startWebgpuBackend(): Promise<void> {
  // It looks for a GPU while it loads.
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend("webgpu")))
    throw new Error("the TensorFlow.js backend webgpu does not start here");
}
