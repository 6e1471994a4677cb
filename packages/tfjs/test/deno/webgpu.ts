// Imported by Deno: the target of TensorFlow.js's webgpu backend.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import type { Tensor } from "@tensorflow/tfjs";
import { tfjsTarget } from "../../src/conformance.ts";

// TensorFlow.js registers that backend in pages alone.
Object.assign(globalThis, { window: globalThis, document: { createElement: () => ({}) } });
const tf = await import("@tensorflow/tfjs");
await import("@tensorflow/tfjs-backend-webgpu");

const target: ConformanceTarget<Tensor> = tfjsTarget(tf, "webgpu");
export default target;
