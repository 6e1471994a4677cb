// Raw WebGPU, over the device of this browser.
import type { ConformanceTarget } from "@gumbel/core/conformance";
import type { GpuTensor } from "@gumbel/webgpu";
import { webgpuTarget } from "@gumbel/webgpu/conformance";

/** Its target. */
export async function load(): Promise<ConformanceTarget<GpuTensor>> {
  return webgpuTarget();
}
