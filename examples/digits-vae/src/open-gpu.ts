// WebGPU in Node: installs Dawn as `navigator.gpu`, where TensorFlow.js looks for it.
import { tmpdir } from "node:os";

/** Dawn's entry. It must stay reachable as long as the process lives: Dawn crashes when it is collected. */
let opened: GPU | undefined;

/** The GPU's entry. Rejects with an error that names what is missing. */
export async function openGpu(): Promise<GPU> {
  if (opened !== undefined) return opened;
  // Loaded late: Dawn has no binary for some platforms, and the rest of the job does not need it.
  const { create, globals } = await import("webgpu").catch((error: Error) => {
    throw new Error(`Dawn does not load: ${error.message}`);
  });
  Object.assign(globalThis, globals);
  // Vulkan's loader prints a warning without it.
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
  const gpu = create([]);
  if ((await gpu.requestAdapter()) === null)
    throw new Error("no GPU with a Vulkan, Metal or Direct3D 12 driver");
  // Node 20 has no navigator, later ones have one without a GPU.
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  opened = gpu;
  return gpu;
}
