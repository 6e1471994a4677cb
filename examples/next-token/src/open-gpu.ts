// WebGPU in Node: Dawn, with the globals of WebGPU.
import { tmpdir } from "node:os";

/** Dawn's entry. It must stay reachable as long as the process lives: Dawn crashes when it is collected. */
let opened: GPU | undefined;

/** A device. Rejects with an error that says what is missing. */
export async function openGpu(): Promise<GPUDevice> {
  // Loaded late: Dawn has no binary for some platforms, and the rest of the job does not need it.
  const { create, globals } = await import("webgpu").catch((error: Error) => {
    throw new Error(`Dawn does not load: ${error.message}`);
  });
  Object.assign(globalThis, globals);
  // Vulkan's loader prints a warning without it.
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
  opened ??= create([]);
  const adapter = await opened.requestAdapter();
  if (adapter === null) throw new Error("no GPU with a Vulkan, Metal or Direct3D 12 driver");
  return adapter.requestDevice();
}
