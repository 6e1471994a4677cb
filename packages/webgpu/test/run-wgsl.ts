// Runs a WGSL function over many inputs in the tests: words in, words out, one invocation each.

import { BUFFER_USAGE, MAP_MODE_READ } from "../src/device/gpu-constants.ts";
/**
 * Evaluates `expression` for every index. It reads `input: array<u32>` and `i: u32`, and is a u32.
 *
 * @param functions WGSL declarations that the expression needs
 */
export async function runWgsl(
  device: GPUDevice,
  functions: string,
  expression: string,
  input: Uint32Array<ArrayBuffer>,
  count: number,
): Promise<Uint32Array> {
  const code = `${functions}
@group(0) @binding(0) var<storage, read> input: array<u32>;
@group(0) @binding(1) var<storage, read_write> output: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < arrayLength(&output)) { output[i] = ${expression}; }
}`;
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }) },
  });
  const source = device.createBuffer({
    size: input.byteLength,
    usage: BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_DST,
  });
  const output = device.createBuffer({
    size: 4 * count,
    usage: BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC,
  });
  const readable = device.createBuffer({
    size: 4 * count,
    usage: BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST,
  });
  device.queue.writeBuffer(source, 0, input);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: source } },
        { binding: 1, resource: { buffer: output } },
      ],
    }),
  );
  const groups = Math.ceil(count / 64);
  pass.dispatchWorkgroups(Math.min(groups, 32768), Math.ceil(groups / 32768));
  pass.end();
  encoder.copyBufferToBuffer(output, 0, readable, 0, 4 * count);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(MAP_MODE_READ);
  const words = new Uint32Array(readable.getMappedRange().slice(0));
  for (const buffer of [source, output, readable]) buffer.destroy();
  return words;
}
