// Turns a program into commands of a compute pass.
import type { GpuFacts } from "../plan/gpu-facts.ts";
import type { Program } from "../plan/program.ts";
import { PARAMS_BYTES, packParams } from "../shader/params.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { BUFFER_USAGE } from "./gpu-constants.ts";
import type { Pipelines } from "./pipelines.ts";

/** A device with everything that calls share. */
export interface GpuContext {
  readonly device: GPUDevice;
  readonly facts: GpuFacts;
  readonly pool: BufferPool;
  readonly pipelines: Pipelines;
}

/**
 * Encodes the dispatches of a program.
 *
 * @param tensors the call's tensors by name
 * @returns the temporary buffers, to be released to the pool once the commands are submitted
 */
export function encodeProgram(
  { device, pool, pipelines }: GpuContext,
  target: GPUCommandEncoder | GPUComputePassEncoder,
  { steps, scratch, data }: Program,
  tensors: Readonly<Record<string, { readonly buffer: GPUBuffer }>>,
): GPUBuffer[] {
  if (steps.length === 0) return [];
  const temporaries: GPUBuffer[] = [];
  const acquire = (bytes: number, usage: number): GPUBuffer => {
    const buffer = pool.acquire(bytes, usage);
    temporaries.push(buffer);
    return buffer;
  };
  const isPass = !("beginComputePass" in target);
  const pass = isPass ? target : target.beginComputePass({ label: "gumbel" });
  try {
    const buffers = { ...tensors };
    for (const [name, bytes] of Object.entries(scratch)) {
      buffers[name] = { buffer: acquire(bytes, BUFFER_USAGE.STORAGE) };
    }
    for (const [name, words] of Object.entries(data)) {
      const buffer = acquire(
        words.byteLength,
        BUFFER_USAGE.STORAGE | BUFFER_USAGE.INDIRECT | BUFFER_USAGE.COPY_DST,
      );
      device.queue.writeBuffer(buffer, 0, words);
      buffers[name] = { buffer };
    }
    for (const { kernel, params, grid, indirect, windows } of steps) {
      const { pipeline, layout, label } = pipelines.get(kernel);
      const uniform = acquire(PARAMS_BYTES, BUFFER_USAGE.UNIFORM | BUFFER_USAGE.COPY_DST);
      device.queue.writeBuffer(uniform, 0, packParams(params));
      const resources: GPUBufferBinding[] = [
        { buffer: uniform, size: PARAMS_BYTES },
        ...windows.map(({ tensor, offset, size }) => ({ buffer: buffers[tensor].buffer, offset, size })),
      ];
      pass.setPipeline(pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          label,
          layout,
          entries: resources.map((resource, binding) => ({ binding, resource })),
        }),
      );
      if (indirect === undefined) pass.dispatchWorkgroups(...grid);
      else pass.dispatchWorkgroupsIndirect(buffers[indirect.tensor].buffer, indirect.offset);
    }
    return temporaries;
  } catch (error) {
    // Nothing that uses them will be submitted.
    for (const buffer of temporaries) pool.release(buffer);
    throw error;
  } finally {
    if (!isPass) pass.end();
  }
}
