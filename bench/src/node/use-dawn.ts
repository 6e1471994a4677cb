// WebGPU in Node, by Dawn over the machine's Vulkan driver.
import { availableParallelism } from "node:os";
import { create, globals } from "webgpu";

/**
 * Makes `navigator.gpu` and WebGPU's classes global: of the machine's GPU, or else of SwiftShader.
 *
 * @param options of Dawn
 */
export async function useDawn(hardware: boolean, options: readonly string[] = []): Promise<void> {
  if (!hardware) (await import("@gumbel-tools/chromium")).useSwiftshader();
  const gpu = create([...options]);
  // Global for the life of the process: Dawn crashes when it is collected.
  const navigator = { gpu, hardwareConcurrency: availableParallelism() };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  Object.assign(globalThis, globals);
}
