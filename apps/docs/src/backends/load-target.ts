// Loads a backend's code on demand. For workers: whatever imports this is built with a chunk for every backend.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import type { BackendId } from "./backends.ts";

/** Target of a backend, whatever its tensors are. */
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

/** Loads a backend's code and gives its target. Downloads up to some megabytes. */
export function loadTarget(id: BackendId): Promise<AnyTarget> {
  return LOADERS[id]() as Promise<AnyTarget>;
}
