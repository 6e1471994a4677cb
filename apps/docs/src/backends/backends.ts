// Names and requirements of the backends. Pages import this, so it imports no backend.

/** A backend that the reader can choose. */
export interface Backend {
  readonly id: BackendId;
  readonly name: string;
  /** What computes, in a few words. */
  readonly detail: string;
  readonly needs?: "webgpu" | "webgl2";
}

/** Name of a backend in URLs and messages. */
export type BackendId =
  | "reference"
  | "wasm"
  | "tfjs-cpu"
  | "tfjs-wasm"
  | "tfjs-webgl"
  | "tfjs-webgpu"
  | "onnx-wasm"
  | "onnx-webgpu"
  | "webgpu";

/** All backends, the lightest first. */
export const BACKENDS: readonly Backend[] = [
  { id: "reference", name: "Reference", detail: "float64 in JavaScript" },
  { id: "wasm", name: "WebAssembly SIMD", detail: "@gumbel/wasm, float32" },
  { id: "tfjs-cpu", name: "TensorFlow.js cpu", detail: "float32 in JavaScript" },
  { id: "tfjs-wasm", name: "TensorFlow.js wasm", detail: "WebAssembly" },
  { id: "tfjs-webgl", name: "TensorFlow.js webgl", detail: "WebGL 2", needs: "webgl2" },
  { id: "tfjs-webgpu", name: "TensorFlow.js webgpu", detail: "WebGPU", needs: "webgpu" },
  { id: "onnx-wasm", name: "ONNX Runtime wasm", detail: "WebAssembly" },
  { id: "onnx-webgpu", name: "ONNX Runtime webgpu", detail: "WebGPU", needs: "webgpu" },
  { id: "webgpu", name: "WebGPU", detail: "GPU buffers, no library", needs: "webgpu" },
];

/** The reason why this browser cannot run a backend, or undefined where it can. */
export async function lackOf({ needs }: Backend): Promise<string | undefined> {
  if (needs === "webgpu") {
    if (navigator.gpu === undefined)
      return "this browser has no WebGPU, or the page is not served over https";
    const adapter = await navigator.gpu.requestAdapter().catch(() => null);
    return adapter === null ? "WebGPU finds no adapter on this device" : undefined;
  }
  if (needs === "webgl2") {
    if (typeof OffscreenCanvas === "undefined") return "this browser has no WebGL in workers";
    const context = new OffscreenCanvas(1, 1).getContext("webgl2");
    return context === null ? "this browser has no WebGL 2" : undefined;
  }
  return undefined;
}
