// The bandwidth of a GPU's memory, by a kernel that copies a buffer far larger than any cache.
import type { PassTimer } from "./pass-timer.ts";

const CODE = /* wgsl */ `@group(0) @binding(0) var<storage, read> from_: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> to_: array<vec4<u32>>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < arrayLength(&from_); i += groups.x * 256u) { to_[i] = from_[i]; }
}`;

/** Copies in a pass. */
const COPIES = 4;

/** Bytes that a second moves: read and written ones both count. */
export async function copyBandwidth(device: GPUDevice, timer: PassTimer, bytes: number): Promise<number> {
  const { maxStorageBufferBindingSize } = device.limits;
  const size = Math.min(bytes, maxStorageBufferBindingSize - (maxStorageBufferBindingSize % 256));
  const buffers = [0, 1].map(() => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
  const module = device.createShaderModule({ code: CODE });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  let least = Number.POSITIVE_INFINITY;
  for (const workgroups of [2048, 8192, 32768]) {
    for (let round = 0; round < 7; round++) {
      const time = await timer.time((pass) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        for (let i = 0; i < COPIES; i++) pass.dispatchWorkgroups(workgroups);
        return [];
      });
      // The first rounds compile, and wake the clocks up.
      if (round >= 2) least = Math.min(least, time);
    }
  }
  for (const buffer of buffers) buffer.destroy();
  return (2 * COPIES * size) / (least / 1000);
}
