// Finds which of a caller's buffers WebGPU refuses: the driver's message names none of the call's arguments.
import type { Placed } from "./place-buffer.ts";
import { watchErrors } from "./watch-errors.ts";

/** Binds a buffer and does nothing with it. */
const TOUCH = /* wgsl */ `
@group(0) @binding(0) var<storage, read> touched: array<u32>;
@compute @workgroup_size(1) fn main() { _ = arrayLength(&touched); }
`;

/** The error that the first buffer which WebGPU refuses calls for; undefined where it takes them all. */
export async function unusableBuffer(device: GPUDevice, buffers: Placed): Promise<TypeError | undefined> {
  const module = device.createShaderModule({ code: TOUCH });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  for (const [argument, { buffer }] of Object.entries(buffers)) {
    const refusal = await refusalOf(device, pipeline, buffer);
    if (refusal !== null) return notUsable(argument, refusal);
  }
  return undefined;
}

/** The error for a buffer that WebGPU refused. */
export function notUsable(argument: string, { message }: GPUError): TypeError {
  return new TypeError(
    `${argument} must be a live GPUBuffer of the sampler's device, got one that is destroyed or of another device`,
    { cause: new Error(message) },
  );
}

/** What is wrong with commands that bind the buffer; null where they are accepted. */
async function refusalOf(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffer: GPUBuffer,
): Promise<GPUError | null> {
  const { refused } = watchErrors(device, () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const layout = pipeline.getBindGroupLayout(0);
    const resource = { buffer, size: 4 };
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource }] }));
    pass.dispatchWorkgroups(1);
    pass.end();
    device.queue.submit([encoder.finish()]);
  });
  return refused;
}
