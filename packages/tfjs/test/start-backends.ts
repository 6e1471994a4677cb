// TensorFlow.js with the backends that run in Node, for tests.
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const wasmEntry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
setWasmPaths(dirname(wasmEntry) + sep);

/** Backends that run in Node. */
export const NODE_BACKENDS = ["cpu", "wasm"] as const;

export { tf };
