// Loads a backend's code on demand, in a chunk of its own. Only workers import this.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import type { BackendId } from "./backends.ts";

/** Conformance target of any backend. */
export type AnyTarget = ConformanceTarget<unknown>;

const LOADERS = {
  reference: async () => (await import("./reference.ts")).load(),
  wasm: async () => (await import("./wasm.ts")).load(),
  "tfjs-cpu": async () => (await import("./tfjs-cpu.ts")).load(),
  "tfjs-wasm": async () => (await import("./tfjs-wasm.ts")).load(),
  "tfjs-webgl": async () => (await import("./tfjs-webgl.ts")).load(),
  "tfjs-webgpu": async () => (await import("./tfjs-webgpu.ts")).load(),
  "onnx-wasm": async () => (await import("./onnx-wasm.ts")).load(),
  "onnx-webgpu": async () => (await import("./onnx-webgpu.ts")).load(),
  webgpu: async () => (await import("./webgpu.ts")).load(),
} satisfies Record<BackendId, () => Promise<unknown>>;

/** Loads a backend's code, up to some megabytes, and returns its target. */
export function loadTarget(id: BackendId): Promise<AnyTarget> {
  return LOADERS[id]() as Promise<AnyTarget>;
}
