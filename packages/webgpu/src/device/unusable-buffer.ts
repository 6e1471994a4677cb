// Finds out which of a caller's buffers WebGPU refused. The driver's message names none of the call's arguments.
import type { PlacedBuffer } from "./encode-program.ts";

/** Binds a buffer and does nothing with it. */
const TOUCH = /* wgsl */ `
@group(0) @binding(0) var<storage, read> touched: array<u32>;
@compute @workgroup_size(1) fn main() { _ = arrayLength(&touched); }
`;

/** The error to report after a call was refused with this message. */
export async function unusableBuffer(
  device: GPUDevice,
  inputs: Readonly<Record<string, PlacedBuffer>>,
  message: string,
): Promise<Error> {
  const module = device.createShaderModule({ code: TOUCH });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  for (const [name, { buffer }] of Object.entries(inputs)) {
    if (await isUsable(device, pipeline, buffer)) continue;
    const note = `${name} must be a live GPUBuffer of the sampler's device, got one that is destroyed or of another device`;
    return new TypeError(note, { cause: new Error(message) });
  }
  return new Error(`WebGPU refused the call: ${message}`);
}

/** Whether commands that bind the buffer are accepted. */
async function isUsable(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffer: GPUBuffer,
): Promise<boolean> {
  device.pushErrorScope("validation");
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  const layout = pipeline.getBindGroupLayout(0);
  const resource = { buffer, size: 4 };
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource }] }));
  pass.dispatchWorkgroups(1);
  pass.end();
  device.queue.submit([encoder.finish()]);
  return (await device.popErrorScope()) === null;
}
